/** The insides of every element of this name, in order; S3 never nests an element in one of its own name. */
export function elements(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return Array.from(xml.matchAll(pattern), ([, inside = '']) => inside);
}

/** The text of the first element of this name: always text, as keys like `007` and `1e5` are not numbers. */
export function element(xml: string, name: string): string | undefined {
  const inside = elements(xml, name)[0];
  return inside === undefined ? undefined : unescape(inside);
}

/** Text as it may stand inside an element. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_all, hex, decimal, name: string) =>
    name ? NAMED[name.toLowerCase()]! : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)),
  );
}
