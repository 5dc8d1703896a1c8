import { AppError } from '#libs/errors/app-error';
import { processEnvironment } from '#libs/config/environment';
import { ConfigError, type Environment } from '#libs/config/read-config';
import { startTracing } from '#libs/observability/tracing';
import type { ProcessDefinition, Running, ServiceDefinition } from './service-definition.js';

/** The whole of a `main.ts`: tracing first, then the service, then a clean end on SIGTERM or Ctrl-C. */
export async function main(definition: ServiceDefinition | ProcessDefinition): Promise<void> {
  const environment = processEnvironment();
  const name = ('process' in definition ? definition.process : undefined) ?? definition.name;
  const stopTracing = await startTracing(name, environment.OTEL_EXPORTER_OTLP_ENDPOINT || undefined);
  const running = await start(definition, environment).catch((error: unknown) => giveUp(name, error));
  endOnSignal(async () => {
    await running.close();
    await stopTracing();
  });
}

async function start(definition: ServiceDefinition | ProcessDefinition, environment: Environment): Promise<Running> {
  if ('start' in definition) return definition.start(environment);
  const { startService } = await import('./start-service.js');
  return startService(definition, environment);
}

/** Runs `close` once on the first signal and ends the process; a second signal, or 30 s, ends it at once. */
export function endOnSignal(close: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) process.exit(130);
    ending = true;
    setTimeout(() => process.exit(1), 30_000).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** Says why a process cannot start and ends it: what was foreseen without a stack, anything else with one. */
export function giveUp(name: string, error: unknown): never {
  const foreseen = error instanceof ConfigError || (error instanceof AppError && error.code !== 'internal');
  const words = foreseen ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${name} cannot start. ${words}\n`);
  process.exit(1);
}
