import { Injectable } from '@nestjs/common';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh';
import { AppError } from '#libs/errors/app-error';
import { withheldIn } from '../domain/withheld.js';
import { Engine } from '../engine.js';
import { Leases } from '../leases/leases.js';
import { hashOf, hasHash, newSecret, writeAccessToken } from './secrets.js';

const TOKEN_S = 900;
const OVERLAP_MS = 24 * 3_600_000;

const ROTATE = `update nodes set secret_hash = $3, older_secret_hash = case when $4 then null else secret_hash end, older_secret_until = $5,
    token_epoch = token_epoch + case when $4 then 1 else 0 end
  where id = $1 and secret_hash = $2`;

/** How workers become known: by the shared key under any free name, or enrolled with a secret of their own. */
@Injectable()
export class Workers {
  constructor(
    private readonly engine: Engine,
    private readonly leases: Leases,
  ) {}

  async admit(shown: InputOf<typeof contract.admitWorker>): Promise<{ ok: true }> {
    await this.engine.credentials.admit(shown);
    return { ok: true };
  }

  async register(draft: InputOf<typeof contract.registerWorker>): Promise<OutputOf<typeof contract.registerWorker>> {
    const node = await this.engine.credentials.node(draft, draft.node_id);
    await this.engine.nodes.describe(node, draft.capabilities, draft.client_version);
    this.engine.bus.tell({ nodes: [node.id] });
    this.engine.audit.note({ actor: node.name, act: 'node.registered', subject: node.name });
    const session = `${node.id}.${node.tokenEpoch}`;
    return { ok: true, heartbeat_interval_s: this.leases.heartbeatS, lease_ttl_s: this.leases.ttlS, session };
  }

  /** A registration token is used up in the statement that makes the node: of two who share its last use, one is refused. */
  async enrol(draft: InputOf<typeof contract.enrolWorker>): Promise<OutputOf<typeof contract.enrolWorker>> {
    const secret = newSecret('node');
    const { rows } = await this.engine.pool.query<{ key: number | null; id: number | null }>(
      `with used as (
         update keys set uses_left = uses_left - 1
         where kind = 'registration' and hash = $1 and (uses_left is null or uses_left > 0) and (valid_until is null or valid_until > now())
           and not exists (select from nodes where node_id = $2)
         returning id, sites
       ), made as (
         insert into nodes (node_id, role, secret_hash, capabilities, sites, client_version, key)
         select $2, 'node', $3, $4, sites, $5, id from used on conflict (node_id) do nothing returning id
       ) select (select id from used) as key, (select id from made) as id`,
      [
        hashOf(draft.registration_token),
        draft.node_id,
        hashOf(secret),
        JSON.stringify(withheldIn(draft.capabilities)),
        draft.client_version,
      ],
    );
    const { id, key } = rows[0]!;
    if (id === null) {
      this.engine.audit.note({ actor: 'anonymous', act: 'node.enrolment_refused', subject: draft.node_id });
      throw new AppError('unauthorized', 'This registration token is not good any more, or the name is taken.');
    }
    this.engine.audit.note({ actor: draft.node_id, act: 'node.enrolled', subject: draft.node_id, details: { key } });
    return { node_id: draft.node_id, secret };
  }

  async token({
    node_id,
    secret,
  }: InputOf<typeof contract.issueWorkerToken>): Promise<OutputOf<typeof contract.issueWorkerToken>> {
    const node = await this.engine.nodes.named(node_id);
    const now = this.engine.now();
    const older = (node?.olderSecretUntilMs ?? 0) > now ? (node?.olderSecretHash ?? null) : null;
    const fits = [hasHash(secret, node?.secretHash ?? hashOf('nobody')), hasHash(secret, older)].includes(true);
    if (!fits || node === undefined || node.state === 'revoked') {
      this.engine.audit.note({ actor: node_id, act: 'node.secret_refused', subject: node_id });
      throw new AppError('unauthorized', 'This secret is not one of this node.');
    }
    this.engine.audit.note({ actor: node_id, act: 'node.token_issued', subject: node_id });
    const claims = { n: node.id, e: node.tokenEpoch, x: Math.round(now + TOKEN_S * 1000) };
    const access_token = writeAccessToken(claims, this.engine.keyring.signingKeys(now)[0]!);
    return { access_token, token_type: 'bearer', expires_in: TOKEN_S };
  }

  /** A new secret for the current one, in the statement itself: of two who change the same one, one is refused. */
  async rotate(
    draft: InputOf<typeof contract.rotateWorkerSecret>,
  ): Promise<OutputOf<typeof contract.rotateWorkerSecret>> {
    const node = await this.engine.credentials.node(draft, draft.node_id);
    if (node.role === 'legacy')
      throw new AppError('unauthorized', 'Nodes of the shared key have no secret; enrol first.', {
        reason: 'forbidden',
      });
    const secret = newSecret('node');
    const now = this.engine.now();
    const until = new Date(draft.revoke_old ? now : now + OVERLAP_MS);
    const isCurrent = hasHash(draft.secret, node.secretHash);
    const { rowCount } = await this.engine.pool.query(ROTATE, [
      node.id,
      isCurrent ? hashOf(draft.secret) : null,
      hashOf(secret),
      draft.revoke_old,
      until,
    ]);
    if (rowCount === 0) {
      this.engine.audit.note({ actor: node.name, act: 'node.secret_refused', subject: node.name });
      throw new AppError(
        'unauthorized',
        'Show the secret that is current now; an older one is not changed for another.',
        {
          reason: 'forbidden',
        },
      );
    }
    await this.engine.nodesChanged([node.id]);
    this.engine.audit.note({ actor: node.name, act: 'node.secret_rotated', subject: node.name });
    return { node_id: node.name, secret, old_secret_until: until };
  }
}
