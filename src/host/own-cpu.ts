/** CPU time of this process, all threads, user and system, in microseconds: finer than the 10 ms ticks of `/proc`. */
export function ownCpu_us(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
