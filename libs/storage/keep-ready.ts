import type { Health } from '#libs/observability/health';
import type { Log } from '#libs/observability/logger';
import type { ObjectStore } from './object-store.js';

/** Makes the bucket when it is missing; a store that is away makes the service unready until it is back, not dead. */
export async function keepStoreReady(
  store: ObjectStore,
  { health, log }: { health: Health; log: Log },
  options: Parameters<ObjectStore['ensureBucket']>[0] = {},
): Promise<void> {
  let prepared = false;
  const prepare = async () => {
    if (!prepared) await store.ensureBucket(options);
    prepared = true;
    await store.ready();
  };
  health.add({ name: 'object store', check: () => prepare().then(() => undefined) });
  await prepare().catch((error: unknown) => log.warn({ err: error }, 'the object store cannot be reached yet'));
}
