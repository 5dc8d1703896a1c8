/**
 * Whether a list of entity tags as HTTP writes it (`"a", "b"`, or `*` for any) names this one. A proxy that compresses
 * marks tags as weak; ours name exactly one state, so the mark changes nothing.
 */
export function namesTag(list: string, etag: string): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
