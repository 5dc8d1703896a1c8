import type { Api } from '../api/api.js';
import type { Crawl } from './crawl.js';
import type { Heartbeats } from './heartbeats.js';
import type { WorkerNews } from './worker-news.js';

/** What the lanes of a worker share while it runs. */
export interface Shift {
  readonly api: Api;
  readonly node_id: string;
  readonly crawl: Crawl;
  readonly heartbeats: Heartbeats;
  readonly tell: (news: WorkerNews) => void;
  /** Takes no more work, and ends what is at work a little later. */
  readonly drain: () => void;
  /** Aborted when no more work is to be taken. */
  readonly closing: AbortSignal;
  /** Aborted when work must end. */
  readonly over: AbortSignal;
  /** The sites of which it was told that they are another cluster's, each by its owner's address. */
  readonly elsewhere: Map<string, string>;
  readonly wish: { readonly want_sites: string[] | null; readonly wait_s: number };
}
