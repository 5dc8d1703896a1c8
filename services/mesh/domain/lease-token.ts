import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a lease token proves: which stream, which grant of it, which job, whose. */
export interface LeaseClaim {
  readonly slot: number;
  readonly epoch: number;
  readonly job: number;
}

/** Writes the token of a lease: `slot.epoch.job.mac`, good for one node only. */
export function writeLeaseToken({ slot, epoch, job }: LeaseClaim, node: number, key: Buffer): string {
  const claim = `${slot}.${epoch}.${job}`;
  return `${claim}.${macOf(claim, node, key).toString('base64url')}`;
}

const SHAPE = /^(\d{1,10})\.(\d{1,16})\.(\d{1,16})\.([\w-]{22})$/;

/** Reads a token that one of the keys signed for this node; undefined when it is forged or somebody else's. */
export function readLeaseToken(token: string, node: number, keys: readonly Buffer[]): LeaseClaim | undefined {
  const [, slot, epoch, job, mac] = SHAPE.exec(token) ?? [];
  if (mac === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const claim = `${slot}.${epoch}.${job}`;
  if (!keys.some((key) => timingSafeEqual(macOf(claim, node, key), given))) return undefined;
  return { slot: Number(slot), epoch: Number(epoch), job: Number(job) };
}

function macOf(claim: string, node: number, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`lease.${claim}.${node}`).digest().subarray(0, 16);
}
