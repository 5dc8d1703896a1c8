import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import type { Keyring } from './keyring.js';
import type { Node, Nodes } from './nodes.js';
import { readAccessToken } from './secrets.js';

export interface Shown {
  readonly network_key: string | null;
  readonly authorization: string | null;
  /** Where it asks from. */
  readonly address: string | null;
}

/** Who stands behind what a request shows: a node by its own token, or whoever has the shared key, by the name it gives. */
export class Credentials {
  constructor(
    private readonly keyring: Keyring,
    private readonly nodes: Nodes,
    private readonly now: () => number,
  ) {}

  /** Whether these are credentials of any worker. */
  async admit(shown: Shown): Promise<void> {
    if ((await this.ownToken(shown)) === undefined) this.sharedKey(shown);
  }

  /**
   * The node that asks. Its own token names it, and the name it gives must be the same; the shared key is good only for
   * names that have no secret of their own.
   */
  async node(shown: Shown, name: string): Promise<Node> {
    const own = await this.ownToken(shown);
    if (own !== undefined) {
      if (own.name !== name) throw forbidden(`This token is of another node, not of ${name}.`);
      return this.entering(own);
    }
    this.sharedKey(shown);
    const node = await this.nodes.legacy(name, shown.address);
    if (node.role !== 'legacy')
      throw forbidden(`${name} has credentials of its own; the shared key is not enough for it.`);
    return this.entering(node);
  }

  private entering(node: Node): Node {
    this.mustBeWelcome(node);
    this.nodes.countAsk(node, this.now());
    this.nodes.touch(node);
    return node;
  }

  /** Refuses a node that an administrator has revoked. */
  mustBeWelcome(node: Node): void {
    if (node.state === 'revoked') throw forbidden(`${node.name} has been revoked.`);
  }

  private async ownToken({ authorization }: Shown): Promise<Node | undefined> {
    const token = /^\s*bearer\s+(mesh\.\S+)/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const now = this.now();
    const claims = readAccessToken(token, this.keyring.signingKeys(now));
    if (claims === undefined) throw new AppError('unauthorized', 'This access token is not one of ours.');
    if (claims.x <= now) throw new AppError('unauthorized', 'This access token has run out; ask for a new one.');
    const node = await this.nodes.numbered(claims.n);
    if (node === undefined || node.tokenEpoch !== claims.e)
      throw new AppError('unauthorized', 'This access token has been revoked.');
    return node;
  }

  private sharedKey({ network_key }: Shown): void {
    if (network_key === null || !this.keyring.isNetworkKey(network_key, this.now()))
      throw new AppError('unauthorized', 'Invalid network key');
  }
}

const forbidden = (message: string) => new AppError('unauthorized', message, { reason: 'forbidden' });

/** Refuses everyone but administrators. */
export function onlyAdmins(caller: Caller): string {
  if (caller.role !== 'admin' || caller.user_id === null)
    throw new AppError('unauthorized', 'Only administrators may do this.');
  return `user:${caller.user_id}`;
}
