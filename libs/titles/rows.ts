/** What an alias is to its work, from the name it goes by to what a user once typed and how a title is read. */
export const ALIAS_KINDS = ['main', 'official', 'synonym', 'short', 'release_group', 'user', 'reading'] as const;
export type AliasKind = (typeof ALIAS_KINDS)[number];

/** One name of a work. */
export interface AliasRow {
  title: string;
  /** BCP 47, such as `zh-Hant`. */
  language?: string | undefined;
  kind?: AliasKind | undefined;
  /** 0 to 1: how far this alias is trusted; 1 when absent. */
  weight?: number | undefined;
}

/** One work with all its names: what an index is built from. */
export interface WorkRow {
  release_key: string;
  /** What sister seasons share; the work itself when absent. */
  root?: string | undefined;
  type?: string | undefined;
  year?: number | undefined;
  /** Which season of its root it is, where that is known. */
  season?: number | undefined;
  /** 0 to 1; decides between works of the same name. */
  popularity?: number | undefined;
  aliases: readonly AliasRow[];
}
