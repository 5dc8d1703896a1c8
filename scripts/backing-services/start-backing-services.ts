import type { BackingService, BackingServiceName, Environment, StartOptions } from './backing-service.js';
import { isGiven, useGiven } from './given-service.js';
import { installPackages, missingPackages } from './programs.js';
import { postgres } from './postgres.js';
import { rabbitmq } from './rabbitmq.js';
import { redis } from './redis.js';
import { s3 } from './s3.js';
import { Workplace } from './workplace.js';

export interface BackingServicesOptions extends StartOptions {
  which: readonly BackingServiceName[];
  /** Where a record of what runs is kept, so that the next run can clear up after one that was killed. */
  directory: string;
  say: (line: string) => void;
  /** Where addresses of running ones are looked for: by default what this process was started with. */
  environment?: Environment;
  /** Interrupts the start. Without it, Ctrl-C and SIGTERM stop everything and end this process. */
  signal?: AbortSignal;
}

export interface BackingServices {
  env: Record<string, string>;
  /** Ends and removes what was started here; what was given stays. */
  stop(): Promise<void>;
}

/**
 * Gives the variables of running servers: those that the environment names already, checked, and for the rest new ones
 * on loopback, started side by side. When one of them fails, all are stopped.
 */
export async function startBackingServices(options: BackingServicesOptions): Promise<BackingServices> {
  if (options.signal !== undefined) return startAll(options, options.signal);
  const interruption = new AbortController();
  const starting = startAll(options, interruption.signal);
  const end = (name: NodeJS.Signals) => {
    interruption.abort(new Error(`interrupted by ${name}`));
    const stopped = starting.then((services) => services.stop());
    void stopped.catch(() => {}).finally(() => process.exit(name === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const forget = () => void process.off('SIGINT', end).off('SIGTERM', end);
  const { env, stop } = await starting.catch((error: unknown) => {
    forget();
    throw error;
  });
  return { env, stop: () => stop().finally(forget) };
}

async function startAll(options: BackingServicesOptions, interruption: AbortSignal): Promise<BackingServices> {
  const { which, directory, say, keep, environment = process.env } = options;
  const chosen = ALL.filter(({ name }) => which.includes(name));
  const failure = new AbortController();
  const workplace = new Workplace(directory, AbortSignal.any([interruption, failure.signal]), say);
  try {
    const missing = chosen.filter((service) => !isGiven(service, environment) && missingPackages(service).length > 0);
    const installed = missing.length > 0 ? installPackages(missing, say) : Promise.resolve();
    const parts = await allOrFirstFailure(
      chosen.map(async (service) => {
        if (isGiven(service, environment)) return useGiven(service, environment, say);
        if (missing.includes(service)) await Promise.race([installed, untilAborted(workplace.signal)]);
        return startOwn(service, workplace, { keep });
      }),
      failure,
    );
    return { env: Object.assign({}, ...parts) as Record<string, string>, stop: () => workplace.close() };
  } catch (error) {
    await workplace.close();
    throw interruption.aborted ? interruption.reason : error;
  }
}

const ALL: BackingService[] = [postgres, rabbitmq, redis, s3];

async function startOwn(
  service: BackingService,
  workplace: Workplace,
  options: StartOptions,
): Promise<Record<string, string>> {
  const began = Date.now();
  const environment = await service.start(workplace, options).catch((error: Error) => {
    throw new Error(`${service.name}: ${error.message}`, { cause: error });
  });
  const { port } = new URL(environment[service.address] ?? '');
  workplace.say(`${service.name}: started on port ${port} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return environment;
}

/** Waits for all to end, so that nothing goes on behind a failure; the first failure makes the others give up. */
async function allOrFirstFailure<T>(promises: Promise<T>[], failure: AbortController): Promise<T[]> {
  let first: unknown;
  for (const promise of promises)
    promise.catch((error: unknown) => {
      first ??= error;
      failure.abort(error);
    });
  const results = await Promise.allSettled(promises);
  if (first !== undefined) throw first;
  return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    const give = () => fail(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
