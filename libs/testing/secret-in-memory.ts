import type { SecretStore } from '#libs/client/worker/node-credentials';

/** Where a worker of a test keeps its secret, as long as the test runs. */
export function secretInMemory(): SecretStore {
  let kept: string | null = null;
  return {
    read: () => Promise.resolve(kept),
    write: (secret) => {
      kept = secret;
      return Promise.resolve();
    },
  };
}
