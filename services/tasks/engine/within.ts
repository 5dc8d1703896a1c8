import type { EntityManager } from 'typeorm';

/** Does work in a transaction: one opened for it alone, or one in which more is decided. */
export type Within = <T>(work: (manager: EntityManager) => Promise<T>) => Promise<T>;
