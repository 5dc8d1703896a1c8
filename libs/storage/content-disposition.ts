/** The header that makes a browser save what it gets under this name, whatever letters are in it. */
export function attachment(filename: string): string {
  const name = filename
    .toWellFormed()
    .replace(/[\p{Cc}/\\]/gu, '_')
    .slice(0, 200);
  const ascii = name.replace(/[^\x20-\x7e]|["%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`;
}
