import { AppError } from '#libs/errors/app-error';
import { complaintAbout } from '../domain/cursor-order.js';
import type { Circumstances } from './lease-store.js';

export type RefusalReason =
  | 'lease_expired'
  | 'lease_lost'
  | 'lease_spent'
  | 'already_finished'
  | 'cursor_conflict'
  | 'foreign_lease'
  | 'forged_token'
  | 'job_cancelled';

/** A report that changed nothing, and why. */
export const refused = (reason: RefusalReason, message: string, details: object = {}): AppError =>
  new AppError('conflict', message, { reason, ...details });

/** Its node is told to stop. */
export const cancelled = (job: number): AppError =>
  refused('job_cancelled', `Job ${job} was cancelled by an operator; stop crawling. Nothing was changed.`);

/** Says from what stands in the database why a report on a lease was refused. */
export function refusalOf(
  lease: {
    job: number;
    epoch: number;
    node: number;
    cursor: { name: string; value: string; version: number | null } | null;
  },
  now: Circumstances,
): AppError {
  const { job, epoch, node, cursor } = lease;
  const isCurrent = now.epoch === epoch && now.slotJob === job;
  if (isCurrent && now.node !== node)
    return refused('foreign_lease', `The lease on job ${job} is another node's. Nothing was changed.`);
  if (isCurrent && (now.expiresAt ?? 0) <= now.now) {
    const seconds = Math.max(0, Math.round((now.now - (now.expiresAt ?? now.now)) / 1000));
    return refused(
      'lease_expired',
      `The lease on job ${job} ran out ${seconds} s ago. Nothing was changed; ask for a new one.`,
    );
  }
  if (isCurrent && cursor !== null) {
    const at = now.cursorVersion ?? 0;
    const complaint = complaintAbout(cursor.value, now.cursorOrdering ?? 'opaque');
    const why =
      cursor.version !== null && cursor.version !== at
        ? `it is at version ${at}, not ${cursor.version}`
        : (complaint ??
          `the value does not go forward from version ${at} (${now.cursorOrdering ?? 'opaque'} order), or somebody moved it during the lease`);
    return refused(
      'cursor_conflict',
      `The cursor ${cursor.name} was not moved: ${why}. Nothing was changed; the lease still holds.`,
      {
        cursor_version: at,
      },
    );
  }
  if (isCurrent)
    return refused(
      'lease_spent',
      `The lease on job ${job} has lasted as long as a lease may, and is not extended. Report what is done before it runs out.`,
      { lease_expires_at: new Date(now.expiresAt!) },
    );
  if (now.finishedEpoch === epoch && now.outcome === 'expired')
    return refused(
      'lease_expired',
      `The lease on job ${job} ran out, and the job was given up to others. Nothing was changed.`,
    );
  if (now.finishedEpoch === epoch && now.outcome === 'cancelled') return cancelled(job);
  if (now.finishedEpoch === epoch && now.outcome !== null)
    return refused(
      'already_finished',
      `Job ${job} was already reported as ${now.outcome} under this lease. Nothing was changed.`,
    );
  if (now.epoch !== null && now.epoch > epoch)
    return refused(
      'lease_lost',
      `The lease on job ${job} is over, and its site has been leased again since. Nothing was changed.`,
    );
  return refused('lease_lost', `There is no lease on job ${job} any more. Nothing was changed; ask for a new one.`);
}
