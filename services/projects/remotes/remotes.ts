import { open, mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { BUNDLE_FORMAT, MissingMedia, TagOutcome, type RefWish } from '#libs/contracts/projects-bundles';
import type { cloneFromCloud, pushToCloud, Remote, SyncedBranch, SyncReport } from '#libs/contracts/projects-remotes';
import { AppError } from '#libs/errors/app-error';
import { contentHash } from '#libs/timeline/canonical-json';
import { Access } from '../access/access.js';
import { audit } from '../audit/audit.js';
import { CarriedMedia } from '../bundles/carried-media.js';
import { commitsSpokenOf, describeProject, type Description } from '../bundles/describe-project.query.js';
import { namingWhatIsElsewhere } from '../bundles/prerequisites.js';
import { readBundle, type ReadBundle } from '../bundles/read-bundle.js';
import { ofProject, select, type Selection } from '../bundles/selection.js';
import { takeIn, type ImportReport } from '../bundles/take-in.js';
import { writeBundle } from '../bundles/write-bundle.js';
import type { PackedGraph } from '../domain/packed-graph.js';
import { graphReaching } from '../versions/commit-graphs.js';
import { CloudAccounts } from './cloud-accounts.js';
import { CloudClient } from './cloud-client.js';
import { frontier } from './have.js';
import type { SyncSteps } from './syncs.js';
import { TravellingMedia } from './travelling-media.js';
import type { RemoteEntity } from './remote.entities.js';

type Head = { name: string; head: string };

/**
 * Projects that are here and in the cloud. What one side lacks travels as a bundle; branches go forward only, by
 * compare-and-set on the side that is changed, and what went two ways is told of and never overwritten.
 */
@Injectable()
export class Remotes {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly accounts: CloudAccounts,
    private readonly cloud: CloudClient,
    private readonly carried: CarriedMedia,
    private readonly travelling: TravellingMedia,
  ) {}

  async get(caller: Caller, projectId: string): Promise<z.input<typeof Remote>> {
    const { project } = await this.access.toProject(this.database.manager, caller, projectId, 'readProject');
    return this.remoteOf(project.id);
  }

  /** A new project here with everything that the one in the cloud has, linked to it. */
  async clone(caller: Caller, wish: InputOf<typeof cloneFromCloud>, steps: SyncSteps): Promise<void> {
    const { token, cloudUserId } = await this.accounts.tokenOf(caller);
    await steps.at('asking');
    const bundle = await readBundle(await this.cloud.bundle(token, wish.cloud_project_id, []));
    const { media } = bundle.manifest;
    const brought = await this.travelling.bring(caller, token, {
      cloud_project_id: wish.cloud_project_id,
      into: null,
      media,
      steps,
    });
    const missing = await this.carried.missing(caller, bundle, null);
    await steps.at('taking_in');
    await this.database.transaction(async (manager) => {
      const report = await takeIn(manager, this.access, caller, {
        bundle,
        carried: this.carried,
        missing,
        wish: { mode: 'import', own_author_id: cloudUserId, name: wish.name },
      });
      await this.link(manager, caller, report.project_id!, bundle.manifest.project.id);
      await steps.settle(manager, await this.pulled(manager, caller, bundle, { ...report, media: brought }));
    });
  }

  /** Brings what the cloud has and we lack; each branch goes forward if it can. */
  async pull(caller: Caller, projectId: string, steps: SyncSteps): Promise<void> {
    const { project } = await this.access.toProject(this.database.manager, caller, projectId, 'commit');
    const remote = await this.remoteOf(project.id);
    const { token, cloudUserId } = await this.accounts.tokenOf(caller);
    const heads = (await this.headsHere(project.id)).map(({ head }) => head);
    const graph = await graphReaching(this.database.manager, project.id, heads);
    await steps.at('asking');
    const bundle = await readBundle(await this.cloud.bundle(token, remote.cloud_project_id, frontier(graph, heads)));
    const { cloud_project_id } = remote;
    const lacking = await this.carried.lacking(caller, project.id);
    const media = [...bundle.manifest.media, ...lacking];
    const brought = await this.travelling.bring(caller, token, { cloud_project_id, into: project.id, media, steps });
    const missing = await this.carried.missing(caller, bundle, project.id);
    await steps.at('taking_in');
    await this.database.transaction(async (manager) => {
      const report = await takeIn(manager, this.access, caller, {
        bundle,
        carried: this.carried,
        missing,
        wish: {
          mode: 'import',
          into_project_id: project.id,
          own_author_id: cloudUserId,
          keepDiverged: (name) => `cloud/${name}`,
        },
      });
      await this.carried.tell(manager, caller, project.id, lacking);
      await steps.settle(manager, await this.pulled(manager, caller, bundle, { ...report, media: brought }));
    });
  }

  /** Sends what we have and the cloud lacks. What has diverged is told of beforehand, and nothing is sent of it. */
  async push(caller: Caller, wish: InputOf<typeof pushToCloud>, steps: SyncSteps): Promise<void> {
    const { manager } = this.database;
    const { project, allows } = await this.access.toProject(manager, caller, wish.project_id, 'exportProject');
    const { token } = await this.accounts.tokenOf(caller);
    const wanted = (await this.headsHere(project.id)).filter(
      ({ name }) => wish.branches?.includes(name) ?? !isKept(name),
    );
    if (wanted.length === 0) throw new AppError('invalid', 'There is nothing to push: no branch has a commit.');
    await steps.at('asking');
    const known = (await this.knownRemote(project.id)) ?? (await this.linkedBefore(caller, token, project.id, steps));
    if (!known) await this.access.toProject(this.database.manager, caller, project.id, 'changeProject');
    const theirs = known ? await this.headsThere(token, known.cloud_project_id) : new Map<string, string | null>();
    const graph = await graphReaching(
      this.database.manager,
      project.id,
      wanted.map(({ head }) => head),
    );
    const plan = wanted.map((branch) => planPush(graph, branch, theirs));
    const moving = plan.filter(({ outcome }) => outcome === 'created' || outcome === 'moved');
    const reaching = [...moving.map(({ local_head }) => local_head!), ...theirs.values()].filter(
      (head) => head !== null,
    );
    const tags = known ? await this.tagsFor(token, known, reaching) : null;
    const about = await this.told(project.id, {
      moving,
      theirs,
      tags,
      withRequests: allows('readMergeRequests'),
    });
    const reviewsHash = contentHash([about.merge_requests, about.conversations]);
    const isSaid = about.merge_requests.length > 0 && reviewsHash !== known?.reviews_hash;
    if (moving.length === 0 && !isSaid && !tags?.some(({ outcome }) => outcome === 'new')) {
      const differing = differingOf(tags);
      const remote = await this.remoteOf(project.id);
      return steps.settle(manager, { remote, ...NOTHING_TRAVELLED, tags: differing, branches: plan });
    }
    const selection = await select(this.database.manager, project.id, {
      wanted: [...moving.map(({ local_head }) => local_head!), ...commitsSpokenOf(about)],
      have: [...theirs.values()].filter((head) => head !== null),
    });
    const refs = moving.map(({ branch_name, cloud_head, local_head }) => ({
      branch_name,
      expected: cloud_head,
      to: local_head!,
    }));
    const { cloud_project_id, ...sent } = await this.send(caller, token, {
      project_id: project.id,
      about,
      selection: namingWhatIsElsewhere(about, selection),
      refs,
      tags,
      into: known,
      steps,
    });
    await this.database.transaction(async (manager) => {
      if (!known) await this.link(manager, caller, project.id, cloud_project_id);
      await manager.query('update remotes set pushed_at = now(), reviews_hash = $2 where project_id = $1', [
        project.id,
        reviewsHash,
      ]);
      await this.note(manager, caller, project.id, 'pushed', plan);
      const { commits, objects } = selection;
      await steps.settle(manager, {
        remote: await this.remoteOf(project.id, manager),
        commits: commits.length,
        objects: objects.length,
        ...sent,
        branches: plan,
      });
    });
  }

  /** Whether somebody may pull into a project, or push it; gives its id. */
  async admit(caller: Caller, kind: 'clone' | 'pull' | 'push', projectId: string): Promise<string> {
    const action = kind === 'push' ? 'exportProject' : 'commit';
    return (await this.access.toProject(this.database.manager, caller, projectId, action)).project.id;
  }

  /** Takes away what a sync that is over had begun to fetch. */
  forget(syncId: string): Promise<void> {
    return this.carried.forget(syncId);
  }

  /** The link to a project that an earlier attempt made in the cloud and could not note any more. */
  private async linkedBefore(
    caller: Caller,
    token: string,
    projectId: string,
    { state }: SyncSteps,
  ): Promise<RemoteEntity | undefined> {
    if (state.cloud_transfer_id === undefined) return undefined;
    const before = await this.cloud.takenIn(token, state.cloud_transfer_id);
    if (before?.status !== 'done' || before.project_id === null) return undefined;
    const { project_id } = before;
    await this.database.transaction((manager) => this.link(manager, caller, projectId, project_id));
    return this.knownRemote(projectId);
  }

  /** What a push tells of beside its commits: the branches that move, fresh tags, and the merge requests whose branches are there then. */
  private async told(
    projectId: string,
    { moving, theirs, tags: planned, withRequests }: Telling,
  ): Promise<Description> {
    const manager = this.database.manager;
    const about = await describeProject(manager, projectId, { branches: null, withRequests });
    const targets = new Map(moving.map(({ branch_name, local_head }) => [branch_name, local_head!]));
    const fresh = new Set(planned?.flatMap(({ tag_name, outcome }) => (outcome === 'new' ? [tag_name] : [])));
    const heads = [...targets.values()];
    const reached = new Set(
      heads.length > 0 ? (await graphReaching(manager, projectId, heads)).newestFirst(heads) : [],
    );
    const isThere = (name: string) => targets.has(name) || theirs.has(name);
    const merge_requests = about.merge_requests.filter(
      ({ status, source_branch_name, target_branch_name, is_from_fork }) =>
        status !== 'open' || (isThere(target_branch_name) && (is_from_fork || isThere(source_branch_name))),
    );
    const ids = new Set(merge_requests.map(({ id }) => id));
    return {
      project: about.project,
      refs: about.refs
        .filter(({ name }) => targets.has(name))
        .map((ref) => ({ ...ref, target: targets.get(ref.name)! })),
      tags: about.tags.filter(({ name, target }) => (planned ? fresh.has(name) : reached.has(target))),
      merge_requests,
      conversations: about.conversations.filter(({ merge_request_id }) => ids.has(merge_request_id)),
    };
  }

  /** Writes the bundle to a file of our own, from which its parts are sent; gives the project it is in then. */
  private async send(
    caller: Caller,
    token: string,
    { project_id, about, selection, refs, tags: planned, into, steps }: Sending,
  ): Promise<Sent> {
    const manager = this.database.manager;
    const made_at = new Date().toISOString();
    const head = { format: BUNDLE_FORMAT, version: 1, made_at } as const;
    const { manifest, body, discard } = await writeBundle(manager, { ...head, ...about }, selection, {
      describe: (links) => this.carried.describe(caller, project_id, links),
    });
    const folder = await mkdtemp(join(tmpdir(), 'push-'));
    try {
      const there = into?.cloud_project_id ?? null;
      const media = await this.travelling.send(caller, token, { project_id, there, media: manifest.media, steps });
      const path = join(folder, 'bundle.tar');
      await pipeline(body, createWriteStream(path));
      await using file = await open(path);
      const { size } = await file.stat();
      const read = async (from: number, to: number) => {
        const { buffer } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
        return buffer;
      };
      let through = 0;
      await steps.at('sending', 0, size);
      const target = into ? { into_project_id: into.cloud_project_id, refs } : { name: about.project.name };
      const transfer = await this.cloud.takeIn(
        token,
        { size, own_author_id: caller.user_id!, ...target },
        {
          read,
          begun: (cloud_transfer_id) => steps.remember({ cloud_transfer_id }),
          sent: (bytes) => steps.at('sending', (through += bytes), size),
        },
      );
      const missing_media = z.array(MissingMedia).catch([]).parse(transfer.report?.missing_media);
      const made = z.array(TagOutcome).catch([]).parse(transfer.report?.tag_outcomes);
      return { cloud_project_id: transfer.project_id!, media, missing_media, tags: [...made, ...differingOf(planned)] };
    } finally {
      await Promise.all([discard(), rm(folder, { recursive: true, force: true })]);
    }
  }

  private async pulled(
    manager: EntityManager,
    caller: Caller,
    { manifest }: ReadBundle,
    { project_id, refs, commits, objects, media, missing_media, tag_outcomes: tags }: ImportReport & { media: number },
  ): Promise<SyncReport> {
    const kept = new Set(refs.map(({ branch_name }) => branch_name));
    const branches = refs
      .filter(({ branch_name }) => manifest.refs.some(({ name }) => name === branch_name))
      .map(({ branch_name, outcome, head, to }) => ({
        branch_name,
        outcome: outcome as SyncedBranch['outcome'],
        local_head: outcome === 'created' || outcome === 'moved' ? to : head,
        cloud_head: to,
        kept_as: outcome === 'diverged' && kept.has(`cloud/${branch_name}`) ? `cloud/${branch_name}` : null,
      }));
    await manager.query('update remotes set pulled_at = now() where project_id = $1', [project_id]);
    await this.note(manager, caller, project_id!, 'pulled', branches);
    const remote = await this.remoteOf(project_id!, manager);
    return { remote, commits, objects, media, missing_media, tags, branches };
  }

  private async link(manager: EntityManager, caller: Caller, projectId: string, cloudProjectId: string): Promise<void> {
    await manager.query(
      'insert into remotes (project_id, cloud_url, cloud_project_id, linked_by) values ($1, $2, $3, $4)',
      [projectId, this.cloud.url, cloudProjectId, caller.user_id],
    );
    const subject = { cloud_url: this.cloud.url, cloud_project_id: cloudProjectId };
    await audit(manager, { actor_id: caller.user_id, project_id: projectId, action: 'projects.remoteLinked', subject });
  }

  private note(
    manager: EntityManager,
    caller: Caller,
    project_id: string,
    what: 'pulled' | 'pushed',
    branches: readonly SyncedBranch[],
  ): Promise<void> {
    const moved = branches.filter(({ outcome }) => outcome === 'created' || outcome === 'moved');
    const subject = { branches: moved.map(({ branch_name }) => branch_name) };
    return audit(manager, { actor_id: caller.user_id, project_id, action: `projects.${what}`, subject });
  }

  private async headsHere(projectId: string): Promise<Head[]> {
    return this.database.query<Head[]>(
      'select name, head_commit_id as head from branches where project_id = $1 and head_commit_id is not null order by seq',
      [projectId],
    );
  }

  /** Our tags that the cloud lacks, of commits that it has or gets, and those that name another commit there. */
  private async tagsFor(token: string, remote: RemoteEntity, reaching: readonly string[]): Promise<PlannedTag[]> {
    const { manager } = this.database;
    const { project_id, cloud_project_id } = remote;
    const here = await manager.query<{ tag_name: string; to: string }[]>(
      'select name as tag_name, commit_id as "to" from tags where project_id = $1 order by seq',
      [project_id],
    );
    if (here.length === 0) return [];
    const there = await this.cloud.tags(token, cloud_project_id);
    const heads = await ofProject(manager, project_id, reaching);
    const graph = await graphReaching(manager, project_id, heads);
    const reached = new Set(graph.newestFirst(heads));
    return here.flatMap(({ tag_name, to }): PlannedTag[] => {
      const commit = there.get(tag_name);
      if (commit !== undefined) return commit === to ? [] : [{ tag_name, to, outcome: 'differs' }];
      return reached.has(to) ? [{ tag_name, to, outcome: 'new' }] : [];
    });
  }

  private async headsThere(token: string, cloudProjectId: string): Promise<Map<string, string | null>> {
    const branches = await this.cloud.branches(token, cloudProjectId);
    return new Map(branches.map(({ name, head_commit_id }) => [name, head_commit_id]));
  }

  private async remoteOf(projectId: string, manager = this.database.manager): Promise<RemoteEntity> {
    const remote = await this.knownRemote(projectId, manager);
    if (!remote)
      throw new AppError('not_found', 'This project has no remote yet; push it, or clone one from the cloud.');
    return remote;
  }

  private async knownRemote(projectId: string, manager = this.database.manager): Promise<RemoteEntity | undefined> {
    const [remote] = await manager.query<RemoteEntity[]>('select * from remotes where project_id = $1', [projectId]);
    if (remote && remote.cloud_url !== this.cloud.url)
      throw new AppError('conflict', `This project belongs with another cloud, ${remote.cloud_url}.`);
    return remote;
  }
}

const NOTHING_TRAVELLED = { commits: 0, objects: 0, media: 0, missing_media: [] };

type Sent = Pick<SyncReport, 'media' | 'missing_media' | 'tags'> & { cloud_project_id: string };

interface PlannedTag {
  tag_name: string;
  to: string;
  outcome: 'new' | 'differs';
}

const differingOf = (tags: readonly PlannedTag[] | null): SyncReport['tags'] =>
  (tags ?? []).flatMap(({ tag_name, to, outcome }) => (outcome === 'differs' ? [{ tag_name, to, outcome }] : []));

interface Telling {
  moving: readonly SyncedBranch[];
  theirs: ReadonlyMap<string, unknown>;
  tags: PlannedTag[] | null;
  withRequests: boolean;
}

interface Sending {
  project_id: string;
  about: Description;
  selection: Selection;
  refs: RefWish[];
  /** Null where the cloud has no tags yet: all go along whose commits do. */
  tags: PlannedTag[] | null;
  into: RemoteEntity | undefined;
  steps: SyncSteps;
}

/** Branches that only keep what the cloud had do not go back there. */
const isKept = (name: string): boolean => name.startsWith('cloud/');

/** What a push can do with a branch, as far as can be seen from here; the cloud looks again when it moves it. */
function planPush(graph: PackedGraph, { name, head }: Head, theirs: ReadonlyMap<string, string | null>): SyncedBranch {
  const there = theirs.get(name) ?? null;
  const about = { branch_name: name, local_head: head, cloud_head: there, kept_as: null };
  if (there === head) return { ...about, outcome: 'unchanged' };
  if (there === null) return { ...about, outcome: theirs.has(name) ? 'moved' : 'created' };
  if (!graph.has(there)) return { ...about, outcome: 'diverged' };
  if (graph.isIn(head, there)) return { ...about, outcome: 'moved' };
  return { ...about, outcome: graph.isIn(there, head) ? 'behind' : 'diverged' };
}
