import { parseKirikiri } from './parse-kirikiri.js';
import { parseRenpy } from './parse-renpy.js';
import type { Engine, Script } from './script.js';

/** Reads a script of this engine. */
export function parseScript(engine: Engine, source: string): Script {
  return engine === 'RENPY' ? parseRenpy(source) : parseKirikiri(source);
}
