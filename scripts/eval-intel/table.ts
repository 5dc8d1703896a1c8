/** A table of texts in columns as wide as their widest. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`;
  return [head, ...rows].map(line).join('\n') + '\n';
}

/** 0.934 as "93.4 %". */
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The mean distance between how sure answers are and how often they are right, over ten steps of sureness, each by its share. */
export function calibrationError(seen: readonly { confidence: number; right: boolean }[]): number {
  let error = 0;
  for (let step = 0; step < 10; step++) {
    const here = seen.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === step);
    if (here.length === 0) continue;
    const sure = here.reduce((sum, { confidence }) => sum + confidence, 0) / here.length;
    const right = here.filter((one) => one.right).length / here.length;
    error += (here.length / seen.length) * Math.abs(sure - right);
  }
  return error;
}
