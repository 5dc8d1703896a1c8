import type { Caller } from '#libs/contracts/caller';
import type { DiskRoom } from '../media/disk-room.js';
import type { KindName } from './kinds.js';
import type { TaskRow } from './task-row.js';

/** One attempt at a task, as its handler sees it. */
export interface TaskRun {
  readonly task: TaskRow;
  /** The person the task is done for; what they may not do, it may not. */
  readonly caller: Caller & { readonly user_id: string };
  /** Aborts when the task is cancelled, when another attempt has taken its place, or when the process has to end. */
  readonly signal: AbortSignal;
  /** An empty folder for this attempt alone, made when it is first asked for and gone when it is over. */
  readonly directory: string;
  /** How much may still be brought into that folder. */
  readonly room: DiskRoom;
  /** Where outputs of this attempt belong; another attempt never writes to the same place. */
  readonly outputKey: (name: string) => string;
  /** Tells how far it is, from 0 to 1, and what it does; it never goes back. */
  progress(done: number, note?: string): void;
}

/** Does the tasks of one kind. What it throws decides what follows: `unavailable` is tried again, anything else is final. */
export interface TaskHandler {
  readonly kind: KindName;
  run(run: TaskRun): Promise<unknown>;
}

export const TASK_HANDLERS = Symbol('TASK_HANDLERS');
