import * as shapes from '#libs/snapshot/document-shapes';
import { PATHS, type Kind, type Root, type Signed } from '#libs/snapshot/documents';
import { fetchLimited } from '#libs/snapshot/fetch-limited';
import { readRoot } from '#libs/snapshot/newest-root';
import { openSnapshot, type HeldFile } from '#libs/snapshot/open-snapshot';
import { isSignedBy } from '#libs/snapshot/signing';
import { fileOf, readState } from '#libs/snapshot/snapshot-state';
import { syncSnapshot, type SyncReport } from '#libs/snapshot/sync-snapshot';
import {
  SnapshotRefusedError,
  type SnapshotClock,
  type SnapshotSource,
  type SnapshotWorld,
  type Unpack,
} from '#libs/snapshot/world';
import { openTitleIndex } from '#libs/titles/open-title-index';
import { httpSource, type HttpSource } from './http-source.js';
import type { SnapshotStore } from './snapshot-store.js';
import { platformUnpack } from './unpack.js';
import { systemClock } from './system-clock.js';

/** What answers offline; the bare maps of all names are for VabHub alone. */
export const ANSWERING: readonly Kind[] = ['titles', 'recent', 'works', 'index', 'rules'];

export interface SnapshotsOptions {
  /** The address of a static host or of a gateway's `/snap/`, or a source of one's own. */
  from: string | SnapshotSource;
  /** Where the snapshot is kept. */
  store: SnapshotStore;
  /** The root of the keys to believe, as it came with the program; without it the first one that the host shows is believed, once. */
  root?: Signed<Root> | undefined;
  /** Which parts to keep; those that answer offline when absent. */
  kinds?: readonly Kind[] | undefined;
  clock?: SnapshotClock | undefined;
  unpack?: Unpack | undefined;
}

/** How old what is held is, and when it was last known to be the newest. */
export interface SnapshotAge {
  seq: number;
  generated_at: string;
  checked_at: string | null;
  age_ms: number;
}

/** The snapshot kept on this machine: brought up to date when asked, read at any time, whatever became of its host. */
export class Snapshots {
  readonly kinds: readonly Kind[];
  readonly clock: SnapshotClock;
  private readonly world: SnapshotWorld;
  private readonly http: HttpSource | undefined;
  private running: Promise<SyncReport> | undefined;
  /** Whether something that should be here is not whole. */
  private rotten = false;
  private heard: ((seq: number) => void)[] = [];
  /** When what is held was last known to be the newest. */
  private checked: string | null = null;

  constructor(private readonly options: SnapshotsOptions) {
    const { from, store, clock = systemClock, unpack = platformUnpack(), kinds = ANSWERING } = options;
    this.kinds = kinds;
    this.clock = clock;
    this.http = typeof from === 'string' ? httpSource(from, { remember: store }) : undefined;
    this.world = { source: this.http ?? (from as SnapshotSource), disk: store, clock, unpack };
  }

  /** Where snapshots come from, where that was told as an address. */
  get host(): string | undefined {
    return typeof this.options.from === 'string' ? this.options.from : undefined;
  }

  /**
   * Brings what is held to the newest snapshot. What cannot be believed is a `SnapshotRefusedError` with its reason, a host that
   * cannot be reached an `unavailable`; either way what is held stays and goes on answering.
   */
  sync(): Promise<SyncReport> {
    this.running ??= this.alone(() => this.syncNow()).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Runs `work` while nobody syncs this store, here or in another program; `unavailable` when somebody does it for too long. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const { store } = this.options;
    return store.alone ? store.alone(work) : work();
  }

  /**
   * The files of these kinds from the newest generation in which all of them are whole; undefined when there is none. With `byPlace`
   * large files may have a `need`, and be found damaged only when that is called.
   */
  async open(kinds: readonly Kind[], options?: { byPlace?: boolean }): Promise<Map<Kind, HeldFile> | undefined> {
    const files = await openSnapshot(this.world.disk, kinds, this.clock.now(), options);
    const state = await readState(this.world.disk);
    const meant = state?.current && kinds.every((kind) => fileOf(state.current!.manifest, kind));
    if (meant && files?.get(kinds[0]!)?.generation !== 'current') await this.noteDamage();
    this.checked = state?.checked_at ?? null;
    return files;
  }

  /** The next sync repairs it, also where another program makes that. */
  private async noteDamage(): Promise<void> {
    if (this.rotten) return;
    this.rotten = true;
    await this.world.disk.write(DAMAGED, new Uint8Array()).catch(() => undefined);
  }

  /** How old the snapshot is; undefined when there is none. */
  async age(): Promise<SnapshotAge | undefined> {
    const state = await readState(this.world.disk);
    this.checked = state?.checked_at ?? null;
    return state?.current ? this.ageOf(state.current.manifest) : undefined;
  }

  /** How old a file that was opened is now. */
  ageOf({ seq, generated_at }: HeldFile['manifest']): SnapshotAge {
    const age_ms = this.clock.now().getTime() - Date.parse(generated_at);
    return { seq, generated_at, checked_at: this.checked, age_ms };
  }

  /** Calls back after each sync, with the snapshot that is held now: another program may have brought it. */
  onSync(listener: (seq: number) => void): void {
    this.heard.push(listener);
  }

  private async syncNow(): Promise<SyncReport> {
    try {
      const anchor = this.options.root ?? (await this.knownRoot()) ?? (await this.firstRoot());
      const isNoted = (await this.world.disk.read(DAMAGED)) !== undefined;
      const report = await syncSnapshot(this.world, {
        anchor,
        kinds: this.kinds,
        repair: this.rotten || isNoted,
        isReadable,
      });
      this.rotten = false;
      if (isNoted) await this.world.disk.remove(DAMAGED);
      this.checked = this.clock.now().toISOString();
      for (const listener of this.heard) listener(report.seq);
      return report;
    } catch (error) {
      // A refused pointer must not come again out of our own memory.
      if (error instanceof SnapshotRefusedError) await this.http?.forget();
      throw error;
    }
  }

  /** Whose signatures count, and the version below which no rules are taken any more; undefined where nothing was synced or pinned. */
  async trust(): Promise<{ root: Root; rules_version: number } | undefined> {
    const state = await readState(this.world.disk);
    const roots = [state?.root, this.options.root].filter((one) => one !== undefined);
    const [newest] = roots.map(({ signed }) => signed).sort((a, b) => b.version - a.version);
    return newest && { root: newest, rules_version: state?.rules_version ?? 0 };
  }

  private async knownRoot(): Promise<Signed<Root> | undefined> {
    return (await readState(this.world.disk))?.root;
  }

  /** The first root of the host, which has to have signed itself; nothing else can be known of it. */
  private async firstRoot(): Promise<Signed<Root>> {
    const path = PATHS.root(1);
    const bytes = await fetchLimited(this.world, path, 64 * 1024, { requests: 0, bytes: 0 });
    if (!bytes) throw new SnapshotRefusedError('missing', `${path} is not there: this is no host of snapshots.`);
    const root = readRoot(bytes, path);
    if (!(await isSignedBy(root.signed, 'root', root.signed, root.signatures)))
      throw new SnapshotRefusedError('signature', `${path} is not signed by its own keys.`);
    return root;
  }
}

/** Stands beside a snapshot of which something was found damaged. */
const DAMAGED = 'damaged';

/** Whether this program can read a content: an index of titles says for which keys it was built. */
function isReadable(kind: Kind, bytes: Uint8Array): boolean {
  if (kind !== 'titles') return true;
  try {
    openTitleIndex(bytes, { verify: false });
    return true;
  } catch {
    return false;
  }
}

/** Reads a root that was given as text, as from a file beside the program. */
export function parseRoot(text: string): Signed<Root> {
  return shapes.signed(shapes.Root).parse(JSON.parse(text));
}
