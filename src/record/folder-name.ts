/** The folder of a result of record: `2026-intel-xeon-processor-2.90ghz`, the year and the processor, no host name. */

/**
 * @param wallTime when the run began, ISO 8601
 * @param cpuModel as the processor calls itself
 */
export function recordFolderName(wallTime: string, cpuModel: string): string {
  const words = cpuModel
    .toLowerCase()
    .replaceAll(/\((?:r|tm|c)\)/g, ' ')
    .replaceAll(/[^a-z0-9.]+/g, ' ')
    .split(' ')
    .filter((word) => word !== '' && word !== 'cpu');
  return [wallTime.slice(0, 4), ...words].join('-');
}
