import { describe, expect, it } from 'vitest';
import { type TestHost, testHost } from '../../host/test-host.ts';
import { sayEnglish, sayIn } from '../../kernel/language.ts';
import { testTerminal } from '../ui/test-terminal.ts';
import { watchNoise } from './watch.ts';
import { summaryText, watchedWindow, watchSummary, windowText } from './watch-text.ts';

/** A host whose machine is busy (in ticks) with what `busy` says at each reading; every second reading ends a window. */
function machine(busy: readonly number[]): TestHost {
  const host = testHost();
  let reading = 0;
  const tryReadText = (path: string): string | undefined => {
    if (path !== '/proc/stat') return host.files.tryReadText(path);
    const ticks = busy[Math.min(reading, busy.length - 1)] ?? 0;
    reading += 1;
    return `cpu  ${ticks} 0 0 0 0 0 0 0 0 0\n`;
  };
  return { ...host, files: { ...host.files, tryReadText } };
}

const never = new AbortController().signal;

describe('watchNoise', () => {
  it('writes a line every 2 s, and a summary when the time is up', async () => {
    const terminal = testTerminal();
    await watchNoise(machine([0, 0, 0, 100]), terminal, { json: false, for_ms: 4_000 }, never);
    expect(terminal.output).toHaveLength(3);
    expect(terminal.output[0]).toMatch(/^ {4}2 s {2}Foreign CPU {3}0\.0 % {2}Stolen CPU {3}0\.0 %$/);
    expect(terminal.output[1]).toMatch(
      /^ {4}4 s {2}Foreign CPU +\d\d\.\d % .* {2}disturbed \(foreign-cpu\)$/,
    );
    expect(terminal.output[2]).toMatch(/^Over 4\.0 s: .* 1 of 2 windows would have disturbed a repeat/);
  });

  it('writes one JSON object per line', async () => {
    const terminal = testTerminal();
    await watchNoise(machine([0]), terminal, { json: true, for_ms: 5_000 }, never);
    const lines = terminal.output.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ kind }) => kind)).toEqual(['noise', 'noise', 'noise', 'summary']);
    expect(lines[0]).toMatchObject({ elapsed_ms: 2000, noise: { window_ns: 2e9 }, disturbedBy: [] });
    expect(lines[3]).toMatchObject({ windows: 3, time_ms: 5000, disturbed: 0 });
  });

  it('ends at Ctrl-C with a summary', async () => {
    const host = machine([0]);
    const controller = new AbortController();
    const terminal = testTerminal();
    void host.clock.sleep(6_500).then(() => controller.abort());
    await watchNoise(host, terminal, { json: false, for_ms: undefined }, controller.signal);
    expect(terminal.output).toHaveLength(4);
    expect(terminal.output[3]).toContain('Over 6.0 s');
  });

  it('says where nothing can be read', async () => {
    const terminal = testTerminal();
    const host = testHost({ system: { platform: 'darwin' } });
    await watchNoise(host, terminal, { json: false, for_ms: 2_000 }, never);
    expect(terminal.output).toEqual([
      '    2 s  nothing can be read on this system',
      'Over 2.0 s: what other programs do cannot be read on this system.',
    ]);
  });
});

describe('the text of a watch', () => {
  const loud = watchedWindow(12_000, {
    window_ns: 2e9,
    foreignCpuShare: 0.42,
    stealShare: 0.06,
    cpuPressureShare: 0.123,
    frequency_Hz: 2.1e9,
  });

  it('names every figure that was read', () => {
    expect(windowText(loud, sayEnglish)).toBe(
      '   12 s  Foreign CPU  42.0 %  Stolen CPU   6.0 %  CPU pressure  12.3 %  CPU frequency 2.10 GHz  disturbed (foreign-cpu, steal)',
    );
  });

  it('names them in Japanese too', () => {
    expect(windowText(loud, sayIn('ja'))).toBe(
      '   12 s  他のプログラムの CPU  42.0 %  奪われた CPU   6.0 %  CPU 待ち  12.3 %  CPU 周波数 2.10 GHz  攪乱（他のプログラム、スチール時間）',
    );
  });

  it('sums up by time', () => {
    const quiet = watchedWindow(20_000, { window_ns: 6e9, foreignCpuShare: 0.02, stealShare: 0 });
    expect(summaryText(watchSummary([loud, quiet]), sayEnglish)).toBe(
      'Over 8.0 s: other programs used 0.12 CPUs on average, at most 0.42 CPUs; the hypervisor took 0.01 CPUs away. 1 of 2 windows would have disturbed a repeat (a limit of 0.10 CPUs for other programs).',
    );
    expect(summaryText(watchSummary([]), sayEnglish)).toBe('Nothing was watched.');
  });
});
