import type { Api } from '../api/api.js';
import { ApiError } from '../api/api-error.js';
import type { HeldLease } from './held-lease.js';
import { moment } from './moment.js';

/** One heartbeat for all leases of a node, a few times in the life of one, never quite regularly. */
export interface Heartbeats {
  /** Extends a lease from now on; resolves when it has been for the first time, rejects when it is lost. */
  add(lease: HeldLease): Promise<void>;
  remove(lease: HeldLease): void;
  stop(): void;
}

const PER_LEASE = 5;
const JITTER = 0.2;
const RETRY_MS = 1000;
const isThere = () => true;

interface Options {
  readonly api: Api;
  readonly node_id: string;
  readonly ttl_s: number;
  /** An operator drains the node. */
  readonly onDraining: () => void;
}

/** Begins heartbeats that beat only while something is held. */
export function startHeartbeats({ api, node_id, ttl_s, onDraining }: Options): Heartbeats {
  const held = new Set<HeldLease>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ttl = ttl_s;

  const beat = async () => {
    const leases = [...held];
    const asked = moment();
    const answer = await api.post('/v1/worker/heartbeat', {
      body: { node_id, lease_tokens: leases.map(({ token }) => token) },
      timeout_ms: (ttl * 1000) / PER_LEASE,
    });
    ttl = answer.lease_ttl_s;
    const lost = new Map(answer.lost.map(({ lease_token, reason }) => [lease_token, reason]));
    for (const lease of leases.filter((one) => held.has(one))) {
      const reason = lost.get(lease.token);
      if (reason === undefined) lease.extend(asked, ttl);
      else lease.lose(reason);
    }
    if (answer.draining) onDraining();
  };
  const again = () => {
    clearTimeout(timer);
    if (held.size === 0) return;
    const pause_ms = ((ttl * 1000) / PER_LEASE) * (1 - JITTER * api.sender.random());
    timer = setTimeout(() => void beat().catch(refusedForGood).finally(again), pause_ms);
  };
  /** A heartbeat that did not arrive is made up for by the next; without any, each lease gives itself up. */
  const refusedForGood = (thrown: unknown) => {
    if (!(thrown instanceof ApiError) || thrown.code !== 'unauthorized') return false;
    for (const lease of held) lease.lose('refused', thrown);
    return true;
  };

  return {
    add: async (lease) => {
      held.add(lease);
      while (!(await beat().then(isThere, refusedForGood))) await api.sender.pause(RETRY_MS, lease.signal);
      again();
      lease.signal.throwIfAborted();
    },
    remove: (lease) => void held.delete(lease),
    stop: () => clearTimeout(timer),
  };
}
