import { AppError } from '#libs/errors/app-error';
import { connect } from '../api/api.js';
import type { Credentials } from '../api/credentials.js';
import type { Sender } from '../api/send.js';

/** Where a node keeps the secret that it got when it was enrolled; it is told once only. */
export interface SecretStore {
  read(): Promise<string | null>;
  write(secret: string): Promise<void>;
}

export interface NodeIdentity {
  readonly node_id: string;
  readonly secrets: SecretStore;
  /** Trades for a secret where there is none yet. */
  readonly registration_token?: string;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly client_version?: string;
}

const EARLY_MS = 60_000;

/** A node's own access tokens, each made of its secret when the one before runs out; enrols the node where it has no secret. */
export function nodeCredentials(sender: Sender, identity: NodeIdentity): Credentials {
  const api = connect(sender);
  let current: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  const ask = async (): Promise<string> => {
    const secret = (await identity.secrets.read()) ?? (await enrol(api, identity));
    const body = { node_id: identity.node_id, secret };
    const { access_token, expires_in } = await api.post('/v1/worker/token', { body });
    current = { token: access_token, until: performance.now() + expires_in * 1000 - EARLY_MS };
    return access_token;
  };
  const fresh = () => (asking ??= ask().finally(() => (asking = undefined)));
  return {
    token: () => (current && current.until > performance.now() ? Promise.resolve(current.token) : fresh()),
    renew: (refused) => (current && current.token !== refused ? Promise.resolve(current.token) : fresh()),
  };
}

async function enrol(api: ReturnType<typeof connect>, identity: NodeIdentity): Promise<string> {
  const { node_id, registration_token, capabilities, client_version, secrets } = identity;
  if (registration_token === undefined)
    throw new AppError(
      'unauthorized',
      `The node ${node_id} has no secret yet. Give it a registration token, which an administrator of the mesh makes.`,
    );
  const { secret } = await api.post('/v1/worker/enrol', {
    body: { node_id, registration_token, capabilities, client_version },
  });
  await secrets.write(secret);
  return secret;
}
