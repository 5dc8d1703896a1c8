/** What a worker tells of itself while it runs. */
export type WorkerNews =
  | { readonly event: 'registered'; readonly node_id: string; readonly lease_ttl_s: number }
  | { readonly event: 'idle'; readonly reason: string; readonly message: string; readonly wait_s: number }
  /** A wanted site is another cluster's. Whether its address is to be trusted with a key is for people to say: nobody goes there unasked. */
  | { readonly event: 'elsewhere'; readonly site_id: string; readonly owner: string; readonly url: string }
  | { readonly event: 'started'; readonly job_id: number; readonly site_id: string; readonly attempt: number | null }
  | { readonly event: 'progress'; readonly job_id: number; readonly cursor_value: string }
  /** So many names were not told: they held addresses, keys or torrents. */
  | { readonly event: 'withheld'; readonly job_id: number; readonly count: number }
  /** What was seen that the mesh did not take, by its place among what was told; the rest was taken. */
  | {
      readonly event: 'not_taken';
      readonly job_id: number;
      readonly refused: readonly { readonly at: number; readonly field: string; readonly reason: string }[];
    }
  | { readonly event: 'finished'; readonly job_id: number; readonly success: boolean; readonly error: string | null }
  | { readonly event: 'lost'; readonly job_id: number; readonly reason: string }
  | { readonly event: 'released'; readonly job_id: number }
  | { readonly event: 'waiting'; readonly error: string; readonly wait_s: number }
  | { readonly event: 'draining' }
  | { readonly event: 'stopped' };
