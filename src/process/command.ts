/** How a worker process is started: a program and its arguments, never a line for a shell. */

export interface WorkerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside the inherited environment. */
  readonly environment: Readonly<Record<string, string>>;
}
