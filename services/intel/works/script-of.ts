const SCRIPTS = ['Latn', 'Hani', 'Hira', 'Kana', 'Hang', 'Cyrl', 'Thai', 'Arab', 'Hebr', 'Grek', 'Deva'] as const;
const LETTERS = SCRIPTS.map((script) => [script, new RegExp(`\\p{sc=${script}}`, 'gu')] as const);

/** The script of a name by ISO 15924: `Jpan` where kana stand, else that of most letters, or null without any. */
export function scriptOf(name: string): string | null {
  const counts = LETTERS.map(([script, letters]) => [script, name.match(letters)?.length ?? 0] as const);
  if (counts.some(([script, count]) => (script === 'Hira' || script === 'Kana') && count > 0)) return 'Jpan';
  const [script, count] = counts.reduce((best, one) => (one[1] > best[1] ? one : best));
  return count === 0 ? null : script;
}
