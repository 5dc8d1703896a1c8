/** What becomes of one JSON value in another, a line for each place: `parse.list.row: "tr" → "tr.row"`. */
export function changeLines(from: unknown, to: unknown, path = ''): string[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (isParts(from) && isParts(to) && Array.isArray(from) === Array.isArray(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return keys.flatMap((key) => changeLines(from[key], to[key], path === '' ? key : `${path}.${key}`));
  }
  return [`${path}: ${said(from)} → ${said(to)}`];
}

type Parts = Record<string, unknown>;
const isParts = (value: unknown): value is Parts => typeof value === 'object' && value !== null;
const said = (value: unknown): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
