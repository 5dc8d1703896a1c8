import { randomUUID } from 'node:crypto';
import type { PlatformProcesses, ProcessName } from './platform-processes.js';
import { publisherStandIn } from './publisher-stand-in.js';

/** One more thing that can break: what it is, and how. */
export interface Breaker {
  readonly name: string;
  breakIt(): Promise<void>;
}

export interface Drill {
  platform: PlatformProcesses;
  /** Besides the processes of the platform. */
  breakers: readonly Breaker[];
  kills: number;
  /** On average between two kills; and none comes before somebody was served since the last one. */
  pauseMs: number;
  say: (line: string) => void;
}

export interface DrillReport {
  kills: Record<string, number>;
  accepted: number;
  succeeded: number;
  lost: string[];
  /** Jobs that had more than one effect on the stand-in. */
  doubled: string[];
  /** How often a call came again under its own key, which has no effect. */
  repeated_calls: number;
  seconds: number;
}

const VICTIMS: ProcessName[] = ['gateway', 'tasks', 'tasks-worker', 'second worker'];
const PATIENCE_MS = 300_000;

/**
 * People go on asking for films to be published, each by a key of its own, while everything is killed around them, again
 * and again. Afterwards every job that was asked for must be done, and the ledger must know of one effect for each.
 */
export async function drillTasks({ platform, breakers, kills, pauseMs, say }: Drill): Promise<DrillReport> {
  const began = Date.now();
  const ledger = await publisherStandIn();
  try {
    const person = await Person.arrive(platform.url);
    const account_id = await person.account(ledger.url);
    const killed: Record<string, number> = {};
    const accepted: string[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        accepted.push(await person.publish(account_id, accepted.length));
        await pause(pauseMs / 3);
      }
    })();
    const all = [...VICTIMS.map((name) => ({ name, breakIt: async () => platform.kill(name) })), ...breakers];
    for (let kill = 0; kill < kills; kill++) {
      const served = accepted.length;
      const victim = all[Math.floor(Math.random() * all.length)]!;
      await victim.breakIt();
      killed[victim.name] = (killed[victim.name] ?? 0) + 1;
      if (kill % 10 === 9) say(`${kill + 1} of ${kills} kills, ${accepted.length} jobs asked for`);
      await pause(pauseMs * (0.5 + Math.random()));
      for (const until = Date.now() + 60_000; accepted.length === served && Date.now() < until;) await pause(50);
    }
    isOver = true;
    await asking;
    say('everybody has asked; waiting for the last ones');
    const succeeded = await person.allDone(accepted, PATIENCE_MS);
    const doubled = [...ledger.effects].filter(([, calls]) => calls.size > 1).map(([job]) => job);
    const unheard = accepted.filter((job) => !ledger.effects.has(job));
    const calls = [...ledger.effects.values()].flatMap((of) => [...of.values()]);
    return {
      kills: killed,
      accepted: accepted.length,
      succeeded: succeeded.size,
      lost: [...new Set([...accepted.filter((job) => !succeeded.has(job)), ...unheard])],
      doubled,
      repeated_calls: calls.reduce((sum, count) => sum + count - 1, 0),
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    ledger.close();
  }
}

/** Somebody who asks again, under the same key, until there is an answer. */
class Person {
  private token = '';

  private constructor(private readonly url: string) {}

  static async arrive(url: string): Promise<Person> {
    const person = new Person(url);
    const account = { email: `${randomUUID()}@example.org`, password: 'secret words' };
    await person.ask('POST', '/auth/register', account);
    const body = new URLSearchParams({ username: account.email, password: account.password });
    const signedIn = (await (await fetch(`${url}/api/v1/auth/login`, { method: 'POST', body })).json()) as {
      access_token: string;
    };
    person.token = signedIn.access_token;
    return person;
  }

  async account(url: string): Promise<string> {
    const credential_json = JSON.stringify({ url, secret: 'a secret of a drill' });
    return (await this.ask<{ id: string }>('POST', '/publish/accounts', { platform: 'webhook', credential_json })).id;
  }

  async publish(account_id: string, number: number): Promise<string> {
    const key = randomUUID();
    const wish = { account_id, title: `Film ${number}`, video_url: 'https://media.example.org/film.mp4' };
    return (await this.ask<{ id: string }>('POST', '/publish/jobs', wish, { 'idempotency-key': key })).id;
  }

  async allDone(jobs: readonly string[], patienceMs: number): Promise<Set<string>> {
    const done = new Set<string>();
    for (const until = Date.now() + patienceMs; done.size < jobs.length && Date.now() < until; await pause(500))
      for (const job of jobs) {
        if (done.has(job)) continue;
        const { status } = await this.ask<{ status: string }>('GET', `/publish/jobs/${job}`);
        if (status === 'succeeded') done.add(job);
        else if (status === 'failed' || status === 'unknown') await this.ask('POST', `/publish/jobs/${job}/retry`, {});
        else break;
      }
    return done;
  }

  /** Until somebody answers: what is down comes back. */
  private async ask<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    for (const until = Date.now() + 120_000; ;) {
      try {
        const answer = await fetch(`${this.url}/api/v1${path}`, {
          method,
          signal: AbortSignal.timeout(15_000),
          headers: {
            ...headers,
            ...(body && { 'content-type': 'application/json' }),
            ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
          },
          body: body && JSON.stringify(body),
        });
        if (answer.ok) return (await answer.json()) as T;
        const words = await answer.text();
        if (answer.status < 500 && answer.status !== 429 && answer.status !== 401)
          throw new Refused(`${method} ${path}: ${answer.status} ${words}`);
      } catch (thrown) {
        if (thrown instanceof Refused || Date.now() > until) throw thrown;
      }
      await pause(150);
    }
  }
}

class Refused extends Error {
  override readonly name = 'Refused';
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
