import type { SnapshotDisk } from '#libs/snapshot/world';

/** Where a client keeps its snapshot: files of its own, which one program after the other changes. */
export interface SnapshotStore extends SnapshotDisk {
  /**
   * Runs `work` while no other program does anything under this: waits for another one that is at it, which is `unavailable` when it
   * takes too long; one that is gone is waited for no longer than it takes to know that. A store without this has one user only.
   */
  alone?<T>(work: () => Promise<T>): Promise<T>;
}
