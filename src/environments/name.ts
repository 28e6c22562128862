/** Names of environments: an engine and a version set, `vllm@0.30.0`. */

export interface EnvironmentName {
  readonly engine: string;
  /** A set of versions that were locked together, named after the version that matters most. */
  readonly versionSet: string;
}

/** `vllm@0.30.0`: also the name of its folder. */
export const environmentLabel = ({ engine, versionSet }: EnvironmentName): string =>
  `${engine}@${versionSet}`;
