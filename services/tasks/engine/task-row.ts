import type { TaskState } from '#libs/contracts/tasks';

export type StoredState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A task as its row tells it. */
export interface TaskRow {
  readonly id: string;
  readonly seq: number;
  readonly kind: string;
  readonly user_id: string;
  readonly project_id: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly state: StoredState;
  readonly attempt_epoch: number;
  readonly attempts: number;
  readonly deaths: number;
  readonly priority: number;
  readonly run_at: Date;
  readonly is_parked: boolean;
  readonly cancel_requested: boolean;
  readonly progress: number;
  readonly note: string | null;
  readonly news: number;
  readonly result: unknown;
  readonly error: string | null;
  readonly is_dead: boolean;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  /** The request that asked for it; null for tasks from before requests were kept. */
  readonly request_id: string | null;
  readonly trace_parent: string | null;
}

/** The word that clients know for how a task stands. */
export function publicState({ state, attempts }: Pick<TaskRow, 'state' | 'attempts'>): TaskState {
  switch (state) {
    case 'queued':
      return attempts > 0 ? 'RETRY' : 'PENDING';
    case 'running':
      return 'STARTED';
    case 'succeeded':
      return 'SUCCESS';
    case 'failed':
      return 'FAILURE';
    case 'cancelled':
      return 'REVOKED';
  }
}

/** The stored states that a public one stands for. */
export const STORED_STATES: Readonly<Record<TaskState, { state: StoredState; retried?: boolean }>> = {
  PENDING: { state: 'queued', retried: false },
  RETRY: { state: 'queued', retried: true },
  STARTED: { state: 'running' },
  SUCCESS: { state: 'succeeded' },
  FAILURE: { state: 'failed' },
  REVOKED: { state: 'cancelled' },
};

export const isOver = ({ state }: Pick<TaskRow, 'state'>): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';
