import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { takeBackVotes } from '../works/take-back-votes.js';

/** The name under which what a person reports is hashed. */
export const witnessOf = (userId: string): string => `user ${userId}`;

/** The person who reports under a name; undefined where it is a node's. */
export const personNamed = (name: string): string | undefined => /^user (.+)$/.exec(name)?.[1];

/** The name under which what a node of the mesh has seen is hashed. */
export const tellerOf = (node: string): string => `node ${node}`;

/** How many rows are asked at a time for these names, so that what is hashed and sent at once stays small however many there are. */
export const pageFor = (names: readonly string[]): number => Math.max(1, Math.floor(MOST_HASHED / names.length));

const MOST_HASHED = 5000;

/** Whose sightings are to be taken back, noted with what made it so; whoever keeps sightings does it. */
@Injectable()
export class Retractions {
  private wake: () => void = () => undefined;

  /** Names who is woken when there is something to do. */
  onAsked(wake: () => void): void {
    this.wake = wake;
  }

  /** A person is not believed any more: neither what they have seen counts, nor how they voted. */
  async ask(manager: EntityManager, userId: string): Promise<void> {
    await takeBackVotes(manager, userId);
    await this.note(manager, witnessOf(userId));
  }

  /** Nothing counts any more that only this node of the mesh has seen. */
  askOfNode(manager: EntityManager, node: string): Promise<void> {
    return this.note(manager, tellerOf(node));
  }

  private async note(manager: EntityManager, witness: string): Promise<void> {
    await manager.query(
      'insert into retractions (witness) values ($1) on conflict (witness) do update set asked_at = now()',
      [witness],
    );
    // After the transaction, if it is done by then; else by the next round.
    setTimeout(this.wake, 200).unref();
  }
}
