/**
 * Noise of the sim engine: one factor per generation, in seven kinds that real machines show. With s = noiseScale,
 * z standard normal, u uniform, t = time of the machine's clock, p = noisePeriod:
 *   white           1 + s z
 *   autocorrelated  1 + s a,  a = 0.9 a' + sqrt(1 - 0.9^2) z (an AR(1) process of unit variance)
 *   drift           1 + s t / p
 *   step            1 before t = p, 1 + s from then on
 *   heavy-tailed    1 + s |z| / sqrt(-ln(1 - u)) (Student's t with 2 degrees of freedom, no finite variance)
 *   bimodal         1 or 1 + s, evenly
 *   bursts          1 + s in a quarter of the windows of length p, shared by all launches
 * Factors are kept at 0.05 or more. A launch has a factor exp(launchScale z) of its own.
 */
import { assertNever } from '../../kernel/errors.ts';
import { randomStream } from '../../kernel/random.ts';
import type { SimOptions } from './options.ts';

const CORRELATION = 0.9;
const SMALLEST_FACTOR = 0.05;
const BURST_SHARE = 0.25;

export interface Noise {
  /** The factor of the next generation, which starts at `clock_ns`. */
  next(clock_ns: bigint): number;
}

/** `launch` names the launch among those of one seed. */
export function noiseOf(options: SimOptions, launch: string): Noise {
  const { noise, noiseScale: scale, noiseSeed: seed } = options;
  const stream = randomStream(seed, `noise of ${launch}`);
  const launchFactor =
    options.launchScale === 0
      ? 1
      : Math.exp(options.launchScale * randomStream(seed, `factor of ${launch}`).normal());
  const period_ns = options.noisePeriod_ms * 1e6;
  let correlated = 0;
  let first = true;

  const excess = (clock_ns: bigint): number => {
    const periods = Number(clock_ns) / period_ns;
    switch (noise) {
      case 'none':
        return 0;
      case 'white':
        return stream.normal();
      case 'autocorrelated': {
        const innovation = stream.normal();
        correlated = first
          ? innovation
          : CORRELATION * correlated + Math.sqrt(1 - CORRELATION ** 2) * innovation;
        first = false;
        return correlated;
      }
      case 'drift':
        return periods;
      case 'step':
        return periods < 1 ? 0 : 1;
      case 'heavy-tailed':
        return Math.abs(stream.normal()) / Math.sqrt(-Math.log(1 - stream.next()));
      case 'bimodal':
        return stream.next() < 0.5 ? 0 : 1;
      case 'bursts':
        return randomStream(seed, `burst ${Math.floor(periods)}`).next() < BURST_SHARE ? 1 : 0;
      default:
        return assertNever(noise, 'noise');
    }
  };
  return { next: (clock_ns) => launchFactor * Math.max(SMALLEST_FACTOR, 1 + scale * excess(clock_ns)) };
}
