import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The name under which what a person reports is hashed. */
export const witnessOf = (userId: string): string => `user ${userId}`;

/** Whose sightings are to be taken back, noted with what made it so; whoever keeps sightings does it. */
@Injectable()
export class Retractions {
  private wake: () => void = () => undefined;

  /** Names who is woken when there is something to do. */
  onAsked(wake: () => void): void {
    this.wake = wake;
  }

  async ask(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(
      'insert into retractions (witness) values ($1) on conflict (witness) do update set asked_at = now()',
      [witnessOf(userId)],
    );
    // After the transaction, if it is done by then; else by the next round.
    setTimeout(this.wake, 200).unref();
  }
}
