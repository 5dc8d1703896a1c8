/** The path, below the API, of a link to an asset that documents keep: its id, what lets one in, and a name for people. */
export function assetPath({ asset_id, key, name }: { asset_id: string; key: string; name: string }): string {
  return `/media/${asset_id}/${key}/${encodeURIComponent(name)}`;
}

const LINK = /\/media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([\w-]{1,100})\//g;

/** The links to assets in this text, by the asset's id and what lets one in; each once. */
export function linksNamedIn(text: string): { asset_id: string; key: string }[] {
  const links = new Map<string, { asset_id: string; key: string }>();
  for (const [whole, asset_id, key] of text.matchAll(LINK)) links.set(whole, { asset_id: asset_id!, key: key! });
  return [...links.values()];
}

const NAMED = /\/media\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//g;

/** The assets that anything in this text links to, each once. */
export const assetsNamedIn = (text: string): string[] => [...new Set([...text.matchAll(NAMED)].map(([, id]) => id!))];
