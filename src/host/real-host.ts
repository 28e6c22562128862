/** The real outside world. */
import { realClock } from './clock.ts';
import { realFiles } from './files.ts';
import type { Host } from './host.ts';
import { realNetwork } from './network.ts';
import { realSystemFacts } from './system-facts.ts';

export function realHost(): Host {
  return { clock: realClock(), files: realFiles(), network: realNetwork(), system: realSystemFacts() };
}
