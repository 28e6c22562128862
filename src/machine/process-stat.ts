/**
 * One line of `/proc/<pid>/stat` (proc_pid_stat(5)): parentage, CPU time in ticks, page faults. The command name may
 * hold blanks and parentheses, so fields are counted from the last closing parenthesis.
 */

/** Ticks per second of the times in `/proc`: USER_HZ is 100 on every Linux that user programs see. */
export const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** User and system time of the process, and of its children that ended and were waited for. */
  readonly cpuTicks: number;
  /** Page faults without and with a disk, of the process and of its ended children. */
  readonly minorFaults: number;
  readonly majorFaults: number;
}

/** Fields 1, 4 and 10 to 17; undefined where the text is no such line. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // `rest[0]` is field 3, the state.
  const rest = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  const field = (number: number): number => Number(rest[number - 3]);
  const stat = {
    pid: Number(text.slice(0, open)),
    parentPid: field(4),
    cpuTicks: field(14) + field(15) + field(16) + field(17),
    minorFaults: field(10) + field(11),
    majorFaults: field(12) + field(13),
  };
  return Object.values(stat).every(Number.isInteger) ? stat : undefined;
}
