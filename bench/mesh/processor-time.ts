import { readdirSync, readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** The PostgreSQL server that a backend belongs to. */
export const serverOf = (backend: number): number => Number(statOf(backend)![1]);

/** Processor time in microseconds of this process and of a PostgreSQL server, its dead backends included. */
export function cpuWithServer(postmaster: number): number {
  const { user, system } = process.cpuUsage();
  let ticks = sum(statOf(postmaster)!, [11, 12, 13, 14]);
  for (const name of readdirSync('/proc'))
    if (/^\d+$/.test(name)) {
      const stat = statOf(Number(name));
      if (stat !== undefined && Number(stat[1]) === postmaster) ticks += sum(stat, [11, 12]);
    }
  return user + system + ticks * 10_000;
}

/** Processor time in microseconds of this process and of Redis. */
export async function cpuWithRedis(redis: Redis): Promise<number> {
  const { user, system } = process.cpuUsage();
  const told = [...(await redis.info('cpu')).matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)];
  return user + system + told.reduce((total, [, seconds]) => total + Number(seconds) * 1e6, 0);
}

const sum = (stat: readonly string[], places: readonly number[]): number =>
  places.reduce((total, place) => total + Number(stat[place]), 0);

/** The fields of /proc/pid/stat after the name. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  } catch {
    return undefined;
  }
}
