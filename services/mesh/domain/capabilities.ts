/** What is known of a node when work is chosen for it. */
export interface Able {
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** The sites it is entitled to; null is any. */
  readonly entitled: ReadonlySet<string> | null;
}

/** The sites that a node says it can crawl (`{"sites": [...]}`); null when it names none. */
export function sitesOf({ sites }: Readonly<Record<string, unknown>>): ReadonlySet<string> | null {
  const named = Array.isArray(sites) ? sites.filter((site) => typeof site === 'string') : [];
  return named.length > 0 ? new Set(named) : null;
}

/** Whether a node has what a site asks for: each word is a capability that is true, or one in a list of them. */
export function hasAll(capabilities: Readonly<Record<string, unknown>>, required: readonly string[]): boolean {
  return required.every((word) => {
    if (capabilities[word] === true) return true;
    return Object.values(capabilities).some(
      (value) => value === word || (Array.isArray(value) && value.includes(word)),
    );
  });
}
