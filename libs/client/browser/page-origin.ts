/** The origin of the page or worker that this runs in; undefined outside of a browser. */
export const pageOrigin = (): string | undefined => (globalThis as { location?: { origin: string } }).location?.origin;

/** Whether a page of another origin asks: a host would first have to allow it each header of its own. */
export const isFromElsewhere = (url: string, page = pageOrigin()): boolean =>
  page !== undefined && page !== new URL(url).origin;
