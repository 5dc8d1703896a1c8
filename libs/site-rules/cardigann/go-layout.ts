const TOKENS: readonly (readonly [RegExp, string])[] = [
  [/January/y, 'MMMM'], [/Jan/y, 'MMM'], [/Monday/y, 'dddd'], [/Mon/y, 'ddd'], [/MST/y, 'zzz'], [/2006/y, 'yyyy'], [/Z07:00|Z0700/y, 'K'],
  [/[-+]07:?00/y, 'zzz'], [/[-+]07/y, 'zz'], [/15/y, 'HH'], [/0?1(?!\d)|01/y, 'M'], [/02|_2/y, 'd'], [/03/y, 'h'], [/04/y, 'm'], [/05/y, 's'],
  [/06/y, 'yy'], [/2/y, 'd'], [/3/y, 'h'], [/4/y, 'm'], [/5/y, 's'], [/[.,]0+(?!\d)/y, '.f'], [/[.,]9+(?!\d)/y, '.F'], [/PM|pm/y, 'tt'],
]; // prettier-ignore

/** A date layout of Go's, which is an example of one moment, as a format; undefined when it is no such example. */
export function goLayoutAsFormat(layout: string): string | undefined {
  const parts: string[] = [];
  let at = 0;
  while (at < layout.length) {
    const token = TOKENS.find(([pattern]) => ((pattern.lastIndex = at), pattern.test(layout)));
    if (token) {
      const [pattern, format] = token;
      // Fractions are as many digits as there are.
      parts.push(
        format === '.f' || format === '.F' ? format.padEnd(Math.min(pattern.lastIndex - at, 8), format[1]) : format,
      );
      at = pattern.lastIndex;
    } else {
      const letter = layout[at++]!;
      if (/\d/.test(letter)) return undefined;
      parts.push(/[A-Za-z]/.test(letter) ? `'${letter}'` : letter);
    }
  }
  return parts.join('');
}
