/** The noise of simulated studies: the kinds of the sim engine that real machines show, each with a size. */

/** Each study has one of these, in turn; in all of them a launch has a factor of its own besides. */
export const NOISES = ['white', 'autocorrelated', 'bursts', 'heavy-tailed'] as const;
export type Noise = (typeof NOISES)[number] | 'drift';

const SCALE: Readonly<Record<Noise, number>> = {
  white: 0.03,
  autocorrelated: 0.03,
  bursts: 0.5,
  drift: 0.2,
  'heavy-tailed': 0.03,
};

/** Options of the sim engine. */
export interface NoiseOptions {
  readonly noise: Noise;
  readonly noiseScale: number;
  readonly noisePeriod_ms: number;
  readonly launchScale: number;
  readonly noiseSeed: number;
}

/** Of the study with number `index`. */
export const noiseOptions = (noise: Noise, index: number): NoiseOptions => ({
  noise,
  noiseScale: SCALE[noise],
  noisePeriod_ms: 3000,
  launchScale: 0.03,
  noiseSeed: index,
});

/** The kind of noise of the study with number `index`. */
export const noiseAt = (index: number): Noise => NOISES[index % NOISES.length] ?? NOISES[0];
