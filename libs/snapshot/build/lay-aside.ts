import type { BuiltDelta, Sizes } from './deltas.js';
import { laidDeltas } from './laid-deltas.js';
import { readUndo, type PackedStep } from './packed-undo.js';
import { Part, type PackedPart } from './parts.js';

/** The newest map as its file, its versions, to which of them deltas are laid, and how many entries these may have together. */
export interface LayQuestion {
  map: PackedPart;
  steps: PackedStep[];
  to: number;
  sizes: Sizes;
  most: number;
}

export interface LayAnswer {
  deltas: (Omit<BuiltDelta, 'br' | 'gz'> & { br: Uint8Array; gz: Uint8Array })[];
  entries: number;
}

/** What a thread does that lays deltas. */
export async function layAside({ map: { gz, ...told }, steps, to, sizes, most }: LayQuestion): Promise<LayAnswer> {
  const file = Buffer.from(gz.buffer, gz.byteOffset, gz.byteLength);
  const newest = await Part.kept(told, async () => file).open();
  const known = steps.map((step) => ({ ...step, undo: step.undo && (() => readUndo(step.undo!)) }));
  const { deltas, entries } = await laidDeltas(newest, known, to, sizes, most);
  // Bytes of their own, to be given away.
  return { deltas: deltas.map((one) => ({ ...one, br: new Uint8Array(one.br), gz: new Uint8Array(one.gz) })), entries };
}

/** The bytes of an answer, for which the thread has no more use. */
export const laidBytes = ({ deltas }: LayAnswer): ArrayBuffer[] =>
  deltas.flatMap(({ br, gz }) => [br.buffer as ArrayBuffer, gz.buffer as ArrayBuffer]);
