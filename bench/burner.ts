/** A neighbour in a process of its own: burns a core for 1 to 4 s, rests for 2 to 8 s, again and again. `burner.js SEED` */
import { inheritedChannel } from '../src/host/descriptors.ts';
import { realHost } from '../src/host/real-host.ts';
import { randomStream } from '../src/kernel/random.ts';

const { clock } = realHost();
const random = randomStream(Number(process.argv[2] ?? 0), 'bench: burner');
// Its parent closes the channel, or is gone.
inheritedChannel(3).onClose(() => process.exit(0));
for (;;) {
  await clock.sleep(2000 + random.integer(6000));
  const end_ns = clock.monotonic_ns() + BigInt(1_000_000 * (1000 + random.integer(3000)));
  while (clock.monotonic_ns() < end_ns) {
    // Slices, so that the end of the parent is noticed.
    const slice_ns = clock.monotonic_ns() + 50_000_000n;
    while (clock.monotonic_ns() < slice_ns);
    await clock.sleep(0);
  }
}
