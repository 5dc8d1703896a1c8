import type { Change, ChangeKind } from './change.js';
import { WORDS, type Language } from './change-words.js';

/** Each change in one plain sentence, in the order they come in. */
export function describeChanges(changes: readonly Change[], { language }: { language: Language }): string[] {
  const words = WORDS[language] as Record<ChangeKind, (change: Change) => string>;
  return changes.map((change) => words[change.kind](change).trim());
}

export type { Language } from './change-words.js';
