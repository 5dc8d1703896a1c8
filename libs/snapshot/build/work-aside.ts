import type { BuildAnswer, BuildQuestion } from './build-threads.js';
import { packAside } from './pack-pieces.js';
import { packedSome } from './packed-some.js';
import { changeAside } from './parts.js';

/** What a thread that builds does. */
export function workAside(question: BuildQuestion): BuildAnswer | Promise<BuildAnswer> {
  if (question.what === 'pack') return packAside(question.asked);
  return question.what === 'some' ? packedSome(question.asked) : changeAside(question.asked);
}

/** The bytes of an answer, where they are its own: the thread has no more use for them. */
export function givenOf(answer: BuildAnswer): ArrayBuffer[] {
  const bytes = answer && ('gz' in answer ? answer.gz : answer.bytes);
  return bytes && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : [];
}
