import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { SnapshotBuild } from '#libs/contracts/intel-snapshots';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import { readMap, undoOf, type BareMap, type Changes } from '#libs/snapshot/bare-map';
import {
  buildSnapshot,
  type BuiltFile,
  type BuiltSnapshot,
  type ChangedMap,
  type KindInput,
  type MadeBytes,
} from '#libs/snapshot/build/build-snapshot';
import { brotli } from '#libs/snapshot/build/gzip';
import { canonicalText, utf8, sha256 } from '#libs/snapshot/canonical-text';
import { PATHS, type Kind, type Manifest, type Pointer } from '#libs/snapshot/documents';
import { LONGEST, tooLong, tooLongFile } from '#libs/snapshot/longest';
import { fileOf } from '#libs/snapshot/snapshot-state';
import { Roles } from '../access/roles.js';
import type { IntelConfig } from '../config.js';
import { Releases } from '../releases/releases.js';
import { Rounds } from '../rounds.js';
import { Keys } from '../rules/keys.js';
import { Packages } from '../rules/packages.js';
import type { RulePackageEntity } from '../rules/rule.entities.js';
import { publicIndexAside, type PublicIndex } from '../titles/build-aside.js';
import type { MadeIndex } from '../titles/index-maker.js';
import { changedContents } from './changed-contents.js';
import { isBuildDue } from './is-build-due.query.js';
import { Laying } from './laying.js';
import { MAKE } from './make.js';
import { overview, publicContents, touchedKeys, type Overview } from './public-contents.js';
import { SnapshotStore } from './snapshot-store.js';
import type { SnapshotBuildEntity } from './snapshot.entities.js';

const LOCK = 5_201_116;
const POINTER_DAYS = 2;
/** Clients ask no more often than this. */
const WAIT_S = 60;
const TIERS = [10_000, 100_000];
/** The flat index is made anew when more than this part of the works, or this many, stand beside it. */
const MOST_RECENT = 0.02;
const ALWAYS_FINE = 200;
/** From so many entries on the bare maps are cut into shards too: a smaller one is quicker had whole. */
const WORTH_SHARDS = 2000;
const JSON_TYPE = 'application/json; charset=utf-8';

interface Figures {
  works: number;
  aliases: number;
  written_bytes: number;
  ms: number;
  seq: number;
  titles_seq: number;
  root: number;
  /** By which rules the texts were made, and when all of them were: once a day nothing is taken from the build before. */
  make: string;
  whole_at: string;
  from: 'changes' | 'all';
}

/** For which build something is made. */
interface Making {
  version: number;
  last: SnapshotBuildEntity | undefined;
  root: number;
  rules: RulePackageEntity | undefined;
  now: Date;
  signal: AbortSignal;
}

/** What came of one. */
interface Built {
  built: BuiltSnapshot;
  writtenBytes: number;
}

/** What goes into one build. */
interface Contents {
  kinds: KindInput[];
  overview: Overview;
  popularity: ReadonlyMap<string, number>;
  titlesSeq: number;
  wholeAt: string;
  from: Figures['from'];
}

/** Builds snapshots on a schedule and when asked, one at a time whoever builds, and publishes them: the pointer last. */
@Injectable()
export class Snapshots implements OnApplicationBootstrap {
  private isAsked = false;
  private laid: { wake: () => void } | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly store: SnapshotStore,
    private readonly laying: Laying,
    private readonly keys: Keys,
    private readonly roles: Roles,
    private readonly releases: Releases,
    private readonly packages: Packages,
    private readonly rounds: Rounds,
    @Inject(CONFIG) private readonly config: IntelConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.laid = this.rounds.every('laying deltas for those who are far behind', 86_400, async (signal) => {
      const last = await this.last();
      if (last?.manifest) await this.laying.lay(last.manifest, new Date(), signal);
    });
    const minutes = this.config.INTEL_SNAPSHOT_MINUTES;
    if (minutes === 0) return;
    const building = this.rounds.every('building snapshots', 60, (signal) => this.buildWhenDue(minutes, signal));
    const soon = () => {
      this.isAsked = true;
      building.wake();
    };
    this.packages.onLive(soon);
    this.keys.onRoot(soon);
  }

  async buildNow(caller: Caller): Promise<SnapshotBuild> {
    await this.roles.require(caller, 'publisher');
    return this.build(new AbortController().signal);
  }

  async list(skip: number, limit: number): Promise<SnapshotBuild[]> {
    return this.database.query(
      'select version, state, figures, error, started_at, finished_at from snapshot_builds order by version desc offset $1 limit $2',
      [skip, limit],
    );
  }

  async newest(): Promise<Manifest> {
    const last = await this.last();
    if (!last?.manifest) throw new AppError('not_found', 'No snapshot has been published yet.');
    return last.manifest;
  }

  async delta(kind: Kind, from: number): Promise<{ from: number; to: number; path: string }> {
    const file = (await this.newest()).files.find((one) => one.kind === kind);
    if (!file) throw new AppError('not_found', `The newest snapshot has no ${kind}.`);
    if (!file.deltas.includes(from))
      throw new AppError('not_found', `There is no delta from ${kind} ${from}. Take the whole file.`, {
        reason: 'gone',
        path: file.path,
      });
    return { from, to: file.version, path: `delta/${kind}/${from}-${file.version}.json.gz` };
  }

  /** At most one replica builds, and not sooner than due; at once where rules were made live or signed here, or a root published. */
  private async buildWhenDue(minutes: number, signal: AbortSignal): Promise<void> {
    const isAsked = this.isAsked;
    this.isAsked = false;
    if (isAsked || (await isBuildDue(this.database, minutes))) await this.build(signal);
  }

  /** One build; while another replica builds, it is `conflict`. */
  async build(signal: AbortSignal): Promise<SnapshotBuild> {
    const runner = this.database.createQueryRunner();
    try {
      const [{ mine }] = (await runner.query('select pg_try_advisory_lock($1) as mine', [LOCK])) as unknown as [
        { mine: boolean },
      ];
      if (!mine) throw new AppError('conflict', 'A snapshot is being built already.');
      try {
        return await this.buildAlone(signal);
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [LOCK]);
      }
    } finally {
      await runner.release();
    }
  }

  private async buildAlone(signal: AbortSignal): Promise<SnapshotBuild> {
    const began = performance.now();
    // Nobody else builds now: what still is said to run has ended with its process.
    await this.database.query(
      `update snapshot_builds set state = 'failed', error = 'The process that built it ended.', finished_at = now() where state = 'running'`,
    );
    const [{ version }] = await this.database.query<[{ version: number }]>(
      `insert into snapshot_builds (version, state) select coalesce(max(version), 0) + 1, 'running' from snapshot_builds returning version`,
    );
    try {
      const last = await this.last();
      const now = new Date();
      const root = (await this.keys.root()).signed.version;
      const rules = await this.signedRules(last, now);
      const { contents, built, writtenBytes } = await this.made({ version, last, root, rules, now, signal });
      const { overview, titlesSeq, wholeAt, from } = contents;
      if (built.manifest) await this.requireTakeable(built.manifest, last, now);
      let written = writtenBytes + (await this.store.write([credits(overview)], version));
      for (const step of built.steps) await this.store.addStep(step);
      const manifest = built.manifest ?? last!.manifest!;
      if (built.manifest) written += await this.publishManifest(built.manifest);
      await this.point(manifest, now);
      const figures: Figures = {
        works: overview.works,
        aliases: fileOf(manifest, 'alias')?.count ?? 0,
        written_bytes: written,
        ms: Math.round(performance.now() - began),
        seq: overview.seq,
        titles_seq: titlesSeq,
        root,
        make: MAKE,
        whole_at: wholeAt,
        from,
      };
      const [[row]] = await this.database.query<[SnapshotBuildEntity[], number]>(
        `update snapshot_builds set state = $2, manifest = $3, figures = $4, finished_at = now() where version = $1 returning *`,
        [
          version,
          built.manifest ? 'published' : 'unchanged',
          built.manifest ? JSON.stringify(manifest) : null,
          JSON.stringify(figures),
        ],
      );
      await this.store.forgetOld(isToldBy(manifest), now);
      if (built.manifest) this.laid?.wake();
      metrics.snapshotBuilds.inc({ outcome: row!.state });
      this.log.info({ version, ...figures }, built.manifest ? 'snapshot published' : 'snapshot unchanged');
      return row!;
    } catch (error) {
      metrics.snapshotBuilds.inc({ outcome: 'failed' });
      await this.database.query(
        `update snapshot_builds set state = 'failed', error = $2, finished_at = now() where version = $1`,
        [version, AppError.from(error).message],
      );
      throw error;
    }
  }

  /** The next snapshot: of what has changed since the last one, where that can be told and its files are as they were, else of everything. */
  private async made(of: Making): Promise<Built & { contents: Contents }> {
    try {
      const contents = await this.changed(of.last, of.now);
      if (contents) return { contents, ...(await this.built(of, contents)) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.log.warn({ err: error }, 'the last snapshot cannot be built upon; all of it is built anew');
    }
    const contents = await this.whole(of.last, of.now, of.signal);
    return { contents, ...(await this.built(of, contents)) };
  }

  /** Builds, and writes the files of each kind while the next ones are built: the pointer leads to none before all are written. */
  private async built(
    { version, last, root, rules: signed, now }: Making,
    { kinds, popularity }: Contents,
  ): Promise<Built> {
    const writing: Promise<number>[] = [];
    const rules = signed && (await this.rules(signed, last));
    const minutes = this.config.INTEL_SNAPSHOT_MINUTES;
    const building = buildSnapshot({
      seq: version,
      now,
      nextAt: minutes > 0 ? new Date(now.getTime() + minutes * 60_000) : null,
      last: last?.manifest ?? null,
      again: (last?.figures as Figures | null | undefined)?.root !== root,
      kinds: [...kinds, ...(rules ? [rules] : [])],
      shardsFrom: WORTH_SHARDS,
      tiers: { sizes: TIERS, known: (key) => popularity.get(key) ?? 0 },
      onFiles: (files) => {
        const one = this.store.write(files, version);
        // It is asked for when all is built; until then nobody would hear that it failed.
        one.catch(() => undefined);
        writing.push(one);
      },
    });
    const built = await building.finally(() => Promise.allSettled(writing));
    const writtenBytes = (await Promise.all(writing)).reduce((sum, bytes) => sum + bytes, 0);
    return { built, writtenBytes };
  }

  private async changed(last: SnapshotBuildEntity | undefined, now: Date): Promise<Contents | undefined> {
    const figures = last?.figures as Figures | null | undefined;
    const [{ whole_at }] = await this.database.query<[{ whole_at: string | null }]>(
      `select max(figures->>'whole_at') as whole_at from snapshot_builds where state in ('published', 'unchanged')`,
    );
    if (!last?.manifest || figures?.make !== MAKE || whole_at === null || dayOf(now) !== dayOf(new Date(whole_at)))
      return undefined;
    const [alias, catalogue, recent, index] = await Promise.all(
      (['alias', 'works', 'recent', 'index'] as const).map((kind) =>
        this.store.held(kind, fileOf(last.manifest!, kind)),
      ),
    );
    if (!alias || !catalogue || !recent || !index) return undefined;
    const found = await this.atOneMoment((manager) =>
      changedContents(manager, this.releases.audience(null), { since: figures.seq, now }),
    );
    if (!found) return undefined;
    const known = new Map([...found.alias].map(([key, text]) => [key, text && found.popularity.get(key)] as const));
    const ranking = alias.ranking?.with(known as Map<string, number | undefined>);
    if (!ranking || isWorthAnIndex((await recent.whole.open()).size + found.recent.size, found.works)) return undefined;
    const kind = async (name: Kind, content: ChangedMap): Promise<KindInput> => ({
      kind: name,
      content,
      steps: await this.store.steps(name),
    });
    const kinds = [
      await kind('alias', { of: alias, changes: found.alias, ranking }),
      await kind('index', { of: index, changes: changesBetween((await index.whole.open()).whole(), found.index) }),
      await kind('recent', { of: recent, changes: found.recent }),
      await kind('works', { of: catalogue, changes: found.catalogue }),
      unchangedTitles,
    ];
    return {
      kinds,
      overview: found,
      popularity: found.popularity,
      titlesSeq: figures.titles_seq,
      wholeAt: whole_at,
      from: 'changes',
    };
  }

  /** The flat index is kept while few works have changed since it was made by a program like this one; else it is made on a thread while the rest is read and packed. */
  private async whole(last: SnapshotBuildEntity | undefined, now: Date, signal: AbortSignal): Promise<Contents> {
    const figures = last?.figures as Figures | null | undefined;
    // Titles of another format or with keys of another version are read by no program of today.
    const old = figures?.make === MAKE ? figures.titles_seq : undefined;
    const { contents, index } = await this.atOneMoment(async (manager) => {
      const { works, seq } = await overview(manager);
      const isFine = old !== undefined && !isWorthAnIndex((await touchedKeys(manager, old)).length, works);
      const index = isFine ? undefined : publicIndexAside(signal);
      const since = isFine ? old : seq;
      const audience = this.releases.audience(null);
      try {
        const contents = await publicContents(manager, audience, { since, now, onPage: (page) => index?.take(page) });
        index?.end();
        return { contents, index };
      } catch (error) {
        index?.abandon();
        throw error;
      }
    });
    const titles = index ? await this.titlesInTheMaking(index) : unchangedTitles;
    const kinds = await Promise.all(
      (['alias', 'index', 'recent', 'works'] as const).map(async (kind): Promise<KindInput> => {
        const file = last?.manifest ? fileOf(last.manifest, kind) : undefined;
        return {
          kind,
          content: kind === 'works' ? contents.catalogue : contents[kind],
          steps: await this.store.steps(kind),
          lastMap: file && (() => this.store.map(file)),
        };
      }),
    );
    return {
      kinds: [...kinds, titles],
      overview: contents,
      popularity: contents.popularity,
      titlesSeq: index ? contents.seq : old!,
      wholeAt: now.toISOString(),
      from: 'all',
    };
  }

  private async titlesInTheMaking({ made }: PublicIndex): Promise<KindInput> {
    const content = made.then(titlesOf);
    // The thread may end before the other kinds are ready and somebody waits for this one.
    content.catch(() => undefined);
    return { kind: 'titles', content, steps: await this.store.steps('titles') };
  }

  private atOneMoment<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction('REPEATABLE READ', work);
  }

  /**
   * The newest rules for all that enough keys have signed. While they wait for keepers there is no snapshot that clients would
   * take: they are told that the last one is still the newest, so that its pointer does not run out.
   */
  private async signedRules(last: SnapshotBuildEntity | undefined, now: Date): Promise<RulePackageEntity | undefined> {
    try {
      return await this.packages.signed();
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict' && last?.manifest)
        await this.point(last.manifest, now);
      throw error;
    }
  }

  /** What is longer than any client takes is not published; clients are told that the last one is still the newest. */
  private async requireTakeable(manifest: Manifest, last: SnapshotBuildEntity | undefined, now: Date): Promise<void> {
    const { length } = await this.signedManifest(manifest);
    const found = tooLong(PATHS.manifest(manifest.seq), length, LONGEST.manifest) ?? tooLongFile(manifest.files);
    if (!found) return;
    if (last?.manifest) await this.point(last.manifest, now);
    const kind = manifest.files.find(({ path }) => path === found.path)?.kind ?? 'manifest';
    const message = `The next snapshot is not published: its ${kind} has ${found.length} bytes, and no client takes more than ${found.most}. Clients keep the last one; take works or names out of the catalogue until it has room.`;
    this.log.error({ ...found, kind, version: manifest.seq }, message);
    throw new AppError('conflict', message, { reason: 'too_long', kind, ...found });
  }

  private async rules(row: RulePackageEntity, last: SnapshotBuildEntity | undefined): Promise<KindInput> {
    const file = last?.manifest?.files.find((one) => one.kind === 'rules');
    return {
      kind: 'rules',
      content: readMap(row.body),
      version: row.version,
      steps: await this.store.steps('rules'),
      lastMap: file && (() => this.store.map(file)),
      signatures: row.signatures,
    };
  }

  private async publishManifest(manifest: Manifest): Promise<number> {
    const signatures = await this.keys.sign('manifest', manifest);
    if (!signatures) throw new AppError('conflict', 'The keys that sign manifests are not here.');
    const text = Buffer.from(canonicalText({ signed: manifest, signatures }));
    const roots = await this.keys.roots();
    return this.store.write(
      [
        json(PATHS.manifest(manifest.seq), text, true),
        { ...json(PATHS.manifest(manifest.seq, true), await brotli(text), true), type: 'application/octet-stream' },
        json('manifest.json', Buffer.from(canonicalText(manifest)), false),
        json('manifest.json.sig', Buffer.from(canonicalText({ signatures })), false),
        ...roots.map((root) => json(PATHS.root(root.signed.version), Buffer.from(canonicalText(root)), true)),
      ],
      manifest.seq,
    );
  }

  /** Signs the pointer to a manifest anew; from then on it is the newest. */
  private async point(manifest: Manifest, now: Date): Promise<void> {
    const { base64 } = await this.store.file(PATHS.manifest(manifest.seq), undefined);
    const bytes =
      base64 === null ? await this.signedManifest(manifest) : utf8(Buffer.from(base64, 'base64').toString('utf8'));
    const [{ version }] = await this.database.query<[{ version: number }]>(
      `select nextval('snapshot_pointer') as version`,
    );
    const { signed: root } = await this.keys.root();
    const pointer: Pointer = {
      type: 'pointer',
      version,
      manifest: { version: manifest.seq, bytes: bytes.length, sha256: await sha256(bytes) },
      expires: new Date(now.getTime() + POINTER_DAYS * 86_400_000).toISOString(),
      root: root.version,
      wait_s: WAIT_S,
    };
    const signatures = await this.keys.sign('pointer', pointer);
    if (!signatures) throw new AppError('conflict', 'The keys that sign pointers are not here.');
    const roots = await this.keys.roots();
    await this.store.write(
      [
        ...roots.map((one) => json(PATHS.root(one.signed.version), Buffer.from(canonicalText(one)), true)),
        json(PATHS.pointer, Buffer.from(canonicalText({ signed: pointer, signatures })), false),
      ],
      manifest.seq,
    );
  }

  private async signedManifest(manifest: Manifest): Promise<Uint8Array<ArrayBuffer>> {
    const signatures = (await this.keys.sign('manifest', manifest)) ?? [];
    return utf8(canonicalText({ signed: manifest, signatures }));
  }

  private async last(): Promise<SnapshotBuildEntity | undefined> {
    const rows = await this.database.query<SnapshotBuildEntity[]>(
      `select * from snapshot_builds where state = 'published' order by version desc limit 1`,
    );
    return rows[0];
  }
}

const titlesOf = ({ bytes, works }: MadeIndex): MadeBytes => ({
  bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
  count: works,
});

const unchangedTitles: KindInput = { kind: 'titles', content: 'unchanged', steps: [] };

const dayOf = (date: Date): number => Math.floor(date.getTime() / 86_400_000);

const isWorthAnIndex = (recent: number, works: number): boolean => recent > Math.max(ALWAYS_FINE, works * MOST_RECENT);

const changesBetween = (old: BareMap, young: BareMap): Changes => {
  const changes = new Map<string, string | undefined>();
  for (const key of undoOf(old, young).keys()) changes.set(key, young.get(key));
  return changes;
};

/** Whose names these are. */
function credits({ credits: counts }: Overview): BuiltFile {
  const sources = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([source, names]) => ({ source, names }));
  return json('credits.json', Buffer.from(canonicalText({ sources })), false);
}

const json = (path: string, bytes: Buffer, forever: boolean): BuiltFile => ({ path, bytes, type: JSON_TYPE, forever });

/** Whether a manifest still leads to an immutable file: by itself, or by a delta to a version that it goes through, which all have this in their name. */
function isToldBy({ seq, files }: Manifest): (path: string) => boolean {
  const named = new Set([PATHS.manifest(seq), PATHS.manifest(seq, true), ...files.map(({ path }) => path)]);
  const targets = new Set(
    files.flatMap(({ kind, version, deltas }) => [version, ...deltas].map((to) => `${kind} ${to}`)),
  );
  return (path) => {
    const [, kind, to] = /^delta\/(\w+)\/\d+-(\d+)\./.exec(path) ?? [];
    return named.has(path) || targets.has(`${kind} ${to}`);
  };
}
