import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { RulePackage, SiteRules } from '#libs/contracts/intel-rules';
import { AppError } from '#libs/errors/app-error';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { changeOf } from '#libs/snapshot/change-of-value';
import { rulesStatement, type Root, type Signature, type Signed } from '#libs/snapshot/documents';
import { isSignedBy } from '#libs/snapshot/signing';
import { isOf } from '#libs/site-rules/addresses';
import { RuleRecord } from '#libs/site-rules/rule-record';
import { Roles } from '../access/roles.js';
import { recordChanges, takeTurn } from '../changes/changes.js';
import { Keys } from './keys.js';
import type { RuleDraftEntity, RulePackageEntity, RuleRecordEntity } from './rule.entities.js';

type Entries = Record<string, number>;

/** Packages of rules: each holds one version of each site's, and none is ever changed or numbered downwards. */
@Injectable()
export class Packages {
  private live: () => void = () => undefined;

  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
    private readonly keys: Keys,
  ) {}

  /** Names who is told when other rules have become live here, and are signed. */
  onLive(told: () => void): void {
    this.live = told;
  }

  /** The package that counts for a reader: the live one, or for those in its share the canary; whoever cannot be told from others has the live one. */
  async inUse(reader: string | null = null): Promise<RulePackageEntity | undefined> {
    const { live, canary } = await this.given();
    return canary && reader !== null && shareOf(reader, canary.version) < canary.canary_share ? canary : live;
  }

  /** The packages that readers are given now. */
  private async given(): Promise<{ live?: RulePackageEntity | undefined; canary?: RulePackageEntity | undefined }> {
    const rows = await this.database.query<RulePackageEntity[]>(
      `select * from (select * from rule_packages where state = 'live' order by version desc limit 1) live
       union all select * from (select * from rule_packages where state = 'canary' order by version desc limit 1) canary`,
    );
    const live = rows.find(({ state }) => state === 'live');
    const canary = rows.find(({ state, version }) => state === 'canary' && version > (live?.version ?? 0));
    return { live, canary };
  }

  /** The whole text of the package in use, with its hash as the tag; nothing when the asker has it already. */
  async latest(
    format: 'list' | 'map',
    ifNoneMatch: string | undefined,
    reader: string | null = null,
  ): Promise<{ etag: string; body: string | null }> {
    const body = (await this.inUse(reader))?.body ?? '{"rules":[],"version":0}';
    const text = format === 'list' ? body : asMap(body);
    const etag = `"${sha256(text)}"`;
    return { etag, body: matches(ifNoneMatch, etag) ? null : text };
  }

  async list(skip: number, limit: number): Promise<RulePackage[]> {
    return this.database.query('select * from rule_packages order by version desc offset $1 limit $2', [skip, limit]);
  }

  async get(version: number): Promise<RulePackageEntity> {
    return find(this.database.manager, version);
  }

  async site(site: string, version: number | undefined): Promise<SiteRules> {
    const rows = await this.database.query<RuleRecordEntity[]>(
      'select * from rule_records where site = $1 order by version desc',
      [site],
    );
    const wanted = version ?? (await this.inUse())?.entries[site];
    const row = rows.find((one) => one.version === wanted);
    if (!row)
      throw new AppError(
        'not_found',
        version === undefined
          ? `There are no rules for ${site}.`
          : `There is no version ${version} of the rules for ${site}.`,
      );
    return {
      site,
      version: row.version,
      checksum: row.checksum,
      record: row.body as SiteRules['record'],
      versions: rows.map((one) => one.version),
    };
  }

  async diff(from: number, to: number) {
    const [old, young] = await Promise.all(
      [from, to].map(async (version) => (version === 0 ? {} : (await this.get(version)).entries)),
    );
    const sites = [...new Set([...Object.keys(old!), ...Object.keys(young!)])].sort();
    const moved = sites.filter(
      (site) => old![site] !== undefined && young![site] !== undefined && old![site] !== young![site],
    );
    const changed = await Promise.all(
      moved.map(async (site) => {
        const [a, b] = await Promise.all([this.site(site, old![site]), this.site(site, young![site])]);
        return { site, from: a.version, to: b.version, change: changeOf(a.record, b.record) ?? null };
      }),
    );
    return {
      from,
      to,
      added: sites.filter((site) => old![site] === undefined),
      removed: sites.filter((site) => young![site] === undefined),
      changed: changed.filter(({ change }) => change !== null),
    };
  }

  /** The JSON Schema of one site's record. */
  schema(): Record<string, unknown> {
    return z.toJSONSchema(RuleRecord, { io: 'input' }) as Record<string, unknown>;
  }

  /** Makes the next package of the live one and the drafts, each of which has passed on its pages as it now stands. */
  async publish(
    caller: Caller,
    wish: { drafts: readonly string[]; remove: readonly string[]; canary_share: number; note: string | null },
  ): Promise<RulePackage> {
    const { user_id } = await this.roles.require(caller, 'publisher');
    return this.telling(async (manager) => {
      await takeTurn(manager);
      const drafts = await manager.query<RuleDraftEntity[]>(
        'select * from rule_drafts where id::text = any($1) order by created_at, id for update',
        [wish.drafts],
      );
      const entries = { ...(await live(manager))?.entries };
      for (const id of wish.drafts)
        if (!drafts.some((draft) => draft.id === id)) throw new AppError('not_found', `There is no draft ${id}.`);
      for (const draft of drafts) {
        if (draft.state !== 'open')
          throw new AppError('conflict', `The draft for ${draft.site} was ${draft.state} already.`);
        if ((draft.report as { ok: boolean } | null)?.ok !== true)
          throw new AppError(
            'conflict',
            `The draft for ${draft.site} has not passed on its recorded pages. Validate it first.`,
          );
        await requireOwnDomains(manager, draft.site, draft.body);
        entries[draft.site] = await addRecord(manager, draft.site, {
          body: draft.body,
          fixtures: draft.fixtures,
          user_id,
        });
      }
      for (const site of wish.remove) {
        if (entries[site] === undefined) throw new AppError('not_found', `remove: there are no rules for ${site}.`);
        delete entries[site];
      }
      if (drafts.length + wish.remove.length === 0)
        throw new AppError('invalid', 'drafts: there is nothing to publish.');
      await manager.query(`update rule_drafts set state = 'published', updated_at = now() where id = any($1)`, [
        drafts.map(({ id }) => id),
      ]);
      return this.add(manager, { entries, reason: 'publish', note: wish.note, share: wish.canary_share, user_id });
    });
  }

  /** The content of an older package under new numbers, for everybody at once. */
  async rollback(
    caller: Caller,
    to: number,
    sites: readonly string[] | undefined,
    note: string | null,
  ): Promise<RulePackage> {
    const { user_id } = await this.roles.require(caller, 'publisher');
    return this.telling(async (manager) => {
      await takeTurn(manager);
      const old = (await find(manager, to)).entries;
      const entries: Entries = { ...(await live(manager))?.entries };
      for (const site of sites ?? new Set([...Object.keys(old), ...Object.keys(entries)])) {
        if (old[site] === undefined) delete entries[site];
        else if (old[site] !== entries[site]) entries[site] = await copyRecord(manager, site, old[site], user_id);
      }
      await manager.query(`update rule_packages set state = 'withdrawn' where state = 'canary'`);
      return this.add(manager, { entries, reason: 'rollback', note: note ?? `back to ${to}`, share: 1, user_id });
    });
  }

  /** From a share of clients to all of them. */
  async promote(caller: Caller, version: number): Promise<RulePackage> {
    return this.settle(caller, version, 'live');
  }

  async withdraw(caller: Caller, version: number): Promise<RulePackage> {
    return this.settle(caller, version, 'withdrawn');
  }

  /** Takes signatures made where the keys of the rules are kept; without them no snapshot carries the package. */
  async addSignatures(caller: Caller, version: number, signatures: readonly Signature[]): Promise<RulePackage> {
    await this.roles.require(caller, 'publisher');
    const row = await this.get(version);
    const { signed: root } = await this.keys.root();
    if (!(await isSignedBy(root, 'rules', statementOf(row), signatures)))
      throw new AppError(
        'invalid',
        'signatures: these are not of enough keys that may sign rules, over the statement of this version.',
      );
    const [[signed]] = await this.database.query<[RulePackage[], number]>(
      'update rule_packages set signatures = $2 where version = $1 returning *',
      [version, JSON.stringify(signatures)],
    );
    this.live();
    return signed!;
  }

  /**
   * The newest live package that was signed, with signatures of keys that the root in use names: where these are here, one whose keys
   * were replaced is signed anew. Where they are elsewhere it is `conflict` until they have signed: clients would refuse it.
   */
  async signed(): Promise<RulePackageEntity | undefined> {
    const [row] = await this.database.query<RulePackageEntity[]>(
      `select * from rule_packages where state = 'live' and json_array_length(signatures) > 0 order by version desc limit 1`,
    );
    if (!row) return undefined;
    const { signed: root } = await this.keys.root();
    const signatures = await this.signaturesUnder(root, row);
    if (!signatures)
      throw new AppError(
        'conflict',
        `Package ${row.version} of the rules is not signed by the keys that root ${root.version} names for rules. Send their signatures to POST /v1/rules/${row.version}/signatures.`,
      );
    return { ...row, signatures };
  }

  /** What is signed of a package. One that readers are given now is signed anew where its keys were replaced and the new ones are here. */
  async signatures(version: number): Promise<Signed<ReturnType<typeof statementOf>>> {
    const row = await this.get(version);
    const { live, canary } = await this.given();
    const isGiven = version === live?.version || version === canary?.version;
    const renewed = isGiven && (await this.signaturesUnder((await this.keys.root()).signed, row));
    return { signed: statementOf(row), signatures: renewed || row.signatures };
  }

  /** Signatures of the keys that the root names, made where these are here and have not signed yet; undefined where they are elsewhere. */
  private async signaturesUnder(root: Root, row: RulePackageEntity): Promise<Signature[] | undefined> {
    if (await isSignedBy(root, 'rules', statementOf(row), row.signatures)) return row.signatures;
    const signatures = await this.keys.sign('rules', statementOf(row));
    if (signatures)
      await this.database.query('update rule_packages set signatures = $2 where version = $1', [
        row.version,
        JSON.stringify(signatures),
      ]);
    return signatures;
  }

  /** Makes a change and, once it stands, tells those who follow. */
  private async telling(work: (manager: EntityManager) => Promise<RulePackage>): Promise<RulePackage> {
    const changed = await this.database.transaction(work);
    if (changed.state === 'live') this.live();
    return changed;
  }

  private async settle(caller: Caller, version: number, state: 'live' | 'withdrawn'): Promise<RulePackage> {
    await this.roles.require(caller, 'publisher');
    return this.telling(async (manager) => {
      await takeTurn(manager);
      const row = await find(manager, version);
      const newest = await live(manager);
      if (row.state !== 'canary')
        throw new AppError(
          'conflict',
          `Package ${version} is ${row.state}, not on trial. To undo a live one, roll back.`,
        );
      if (state === 'live' && newest && newest.version > version)
        throw new AppError('conflict', `Package ${newest.version} is live already and newer.`);
      const [[settled]] = await manager.query<[RulePackageEntity[], number]>(
        'update rule_packages set state = $2 where version = $1 returning *',
        [version, state],
      );
      if (state === 'live') await tell(manager, settled!);
      return settled!;
    });
  }

  private async add(
    manager: EntityManager,
    {
      entries,
      reason,
      note,
      share,
      user_id,
    }: { entries: Entries; reason: 'publish' | 'rollback'; note: string | null; share: number; user_id: string },
  ): Promise<RulePackage> {
    const [{ version }] = await manager.query<[{ version: number }]>(
      'select coalesce(max(version), 0) + 1 as version from rule_packages',
    );
    const records = await manager.query<RuleRecordEntity[]>(
      `select r.* from rule_records r join json_each_text($1) e on e.key = r.site and e.value::int = r.version`,
      [JSON.stringify(entries)],
    );
    const rules = records
      .map(({ body, version: own, checksum }) => ({ ...(body as object), version: own, checksum }) as { site?: string })
      .sort((a, b) => (a.site! < b.site! ? -1 : 1));
    const body = canonicalText({ version, updated_at: new Date().toISOString(), rules });
    const checksum = sha256(body);
    const signatures = (await this.keys.sign('rules', statementOf({ version, body, checksum }))) ?? [];
    const state = share < 1 ? 'canary' : 'live';
    await manager.query(`update rule_packages set state = 'withdrawn' where state = 'canary'`);
    const [row] = await manager.query<RulePackageEntity[]>(
      `insert into rule_packages (version, entries, reason, note, state, canary_share, body, checksum, signatures, published_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning *`,
      [
        version,
        JSON.stringify(entries),
        reason,
        note,
        state,
        share,
        body,
        checksum,
        JSON.stringify(signatures),
        user_id,
      ],
    );
    if (state === 'live') await tell(manager, row!);
    return row!;
  }
}

/** What the rules role signs of a package. */
export const statementOf = ({ version, body, checksum }: Pick<RulePackageEntity, 'version' | 'body' | 'checksum'>) =>
  rulesStatement({ version, sha256: checksum, bytes: Buffer.byteLength(body) });

function tell(manager: EntityManager, { version, checksum, entries }: RulePackageEntity): Promise<void> {
  return recordChanges(manager, [{ kind: 'rules', key: String(version), body: { version, checksum, entries } }]);
}

async function find(manager: EntityManager, version: number): Promise<RulePackageEntity> {
  const [row] = await manager.query<RulePackageEntity[]>('select * from rule_packages where version = $1', [version]);
  if (!row) throw new AppError('not_found', `There is no package ${version}.`);
  return row;
}

async function live(manager: EntityManager): Promise<RulePackageEntity | undefined> {
  const rows = await manager.query<RulePackageEntity[]>(
    `select * from rule_packages where state = 'live' order by version desc limit 1`,
  );
  return rows[0];
}

/** Keeps rules of a site as its next version; the same as its newest is that version again. */
async function addRecord(
  manager: EntityManager,
  site: string,
  { body, fixtures, user_id }: { body: unknown; fixtures: unknown; user_id: string },
): Promise<number> {
  const checksum = sha256(canonicalText(body));
  const [newest] = await manager.query<RuleRecordEntity[]>(
    'select * from rule_records where site = $1 order by version desc limit 1',
    [site],
  );
  if (newest?.checksum === checksum) return newest.version;
  const version = (newest?.version ?? 0) + 1;
  await manager.query(
    'insert into rule_records (site, version, body, checksum, fixtures, created_by) values ($1, $2, $3, $4, $5, $6)',
    [site, version, JSON.stringify(body), checksum, JSON.stringify(fixtures), user_id],
  );
  return version;
}

async function copyRecord(manager: EntityManager, site: string, version: number, user_id: string): Promise<number> {
  const [old] = await manager.query<RuleRecordEntity[]>('select * from rule_records where site = $1 and version = $2', [
    site,
    version,
  ]);
  await requireOwnDomains(manager, site, old!.body);
  return addRecord(manager, site, { ...old!, user_id });
}

/** Rules are told to clients that hold secrets of a site: they ask it where a publisher has said that it is, and nowhere else. */
async function requireOwnDomains(manager: EntityManager, site: string, body: unknown): Promise<void> {
  const rows = await manager.query<{ domain: string }[]>('select domain from site_domains where site = $1', [site]);
  const isOwn = (one: string) => rows.some(({ domain }) => domain === one || isOf(domain, one));
  const { domains = [] } = body as { domains?: string[] };
  const strange = domains.filter((domain) => !isOwn(domain));
  if (strange.length > 0)
    throw new AppError(
      'conflict',
      `${strange.join(', ')}: not registered as a domain of ${site}. Where it is one, say so first: PUT /v1/admin/sites/${site}.`,
      { reason: 'unregistered_domain', site, domains: strange },
    );
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** Where in [0, 1) a reader stands for a package: the same each time, another for each package. */
const shareOf = (reader: string, version: number) =>
  Number.parseInt(sha256(`${version} ${reader}`).slice(0, 8), 16) / 2 ** 32;

function asMap(body: string): string {
  const { rules, ...rest } = JSON.parse(body) as { rules: { site: string }[] };
  return canonicalText({ ...rest, rules: Object.fromEntries(rules.map((record) => [record.site, record])) });
}

const matches = (header: string | undefined, etag: string) =>
  header !== undefined && header.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
