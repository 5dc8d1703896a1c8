import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { bytesByPlace } from '#libs/client/node/bytes-by-place';
import { placed, readMap, textOf, type BareMap } from '#libs/snapshot/bare-map';
import { buildSnapshot, type KindInput } from '#libs/snapshot/build/build-snapshot';
import { brotli } from '#libs/snapshot/build/gzip';
import { deltaFiles, type DeltaLimits } from '#libs/snapshot/build/deltas';
import { laidDeltas } from '#libs/snapshot/build/laid-deltas';
import type { Step } from '#libs/snapshot/build/steps';
import { canonicalText, utf8 } from '#libs/snapshot/canonical-text';
import { anchorsOf } from '#libs/snapshot/delta-bases';
import {
  PATHS,
  rulesStatement,
  type Kind,
  type Manifest,
  type Pointer,
  type Root,
  type Signed,
} from '#libs/snapshot/documents';
import { generateKey, sign, type SigningKey } from '#libs/snapshot/signing';
import {
  DamagedFileError,
  type BlockChecks,
  type BytesByPlace,
  type SnapshotClock,
  type SnapshotDisk,
  type SnapshotSource,
  type Unpack,
} from '#libs/snapshot/world';
import { sha256 } from '#libs/snapshot/canonical-text';

/** A clock that stands until it is moved, or until somebody waits: then time has passed. */
export class StandingClock implements SnapshotClock {
  constructor(private at = Date.parse('2026-01-01T00:00:00Z')) {}
  now = () => new Date(this.at);
  move(ms: number): void {
    this.at += ms;
  }
  /** Resolves when something that takes its time, as a slow source, has moved the clock far enough. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const until = this.at + ms;
    while (this.at < until && !signal.aborted) await new Promise(setImmediate);
  }
}

/** Cuts the power at the n-th step: half of what was being written may be there, and nothing happens after. */
export class PowerCut extends Error {}

/** A folder in memory that can lose power at any of its steps. */
export class MemoryDisk implements SnapshotDisk {
  steps = 0;
  cutAt = Infinity;
  constructor(readonly files = new Map<string, Uint8Array<ArrayBuffer>>()) {}

  async read(name: string) {
    return this.files.get(name);
  }
  async readByPlace(name: string, checks: BlockChecks): Promise<BytesByPlace | undefined> {
    if (this.files.get(name)?.length !== checks.length) return undefined;
    return bytesByPlace(name, checks, (_, bytes, { from, end }) => {
      const file = this.files.get(name);
      if (!file) throw new DamagedFileError(`${name} is gone.`);
      bytes.set(file.subarray(from, end));
    });
  }
  async write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.step()) {
      this.files.set(name, new Uint8Array(bytes.slice(0, bytes.length / 2)));
      throw new PowerCut();
    }
    this.files.set(name, new Uint8Array(bytes));
  }
  async rename(from: string, to: string): Promise<void> {
    if (this.step()) throw new PowerCut();
    this.files.set(to, this.files.get(from)!);
    this.files.delete(from);
  }
  async remove(name: string): Promise<void> {
    if (this.step()) throw new PowerCut();
    this.files.delete(name);
  }
  async list() {
    return [...this.files.keys()];
  }
  copy(): MemoryDisk {
    return new MemoryDisk(new Map(this.files));
  }
  private step(): boolean {
    return ++this.steps >= this.cutAt;
  }
}

/** A static host in memory; `tamper` may change or hold back what it serves. */
export class MemoryHost implements SnapshotSource {
  readonly asked: string[] = [];
  tamper: (path: string, bytes: Uint8Array | undefined) => Uint8Array | AsyncIterable<Uint8Array> | undefined = (
    _,
    bytes,
  ) => bytes;
  constructor(readonly files = new Map<string, Uint8Array>()) {}
  async open(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    this.asked.push(path);
    const served = this.tamper(path, this.files.get(path));
    return served instanceof Uint8Array ? once(served) : served;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export const unpack: Unpack = {
  gzip: async (bytes, limit) => new Uint8Array(await promisify(gunzip)(bytes, { maxOutputLength: limit + 1 })),
  brotli: async (bytes, limit) =>
    new Uint8Array(await promisify(brotliDecompress)(bytes, { maxOutputLength: limit + 1 })),
};

type Keys = Record<'root' | 'rules' | 'manifest' | 'pointer', SigningKey[]>;

/** Publishes snapshots to a host in memory, as the intel service does to its store. */
export class Publisher {
  keys!: Keys;
  root!: Signed<Root>;
  manifest: Manifest | null = null;
  pointerVersion = 0;
  readonly steps = new Map<Kind, Step[]>();
  readonly maps = new Map<Kind, BareMap>();

  constructor(
    readonly host: MemoryHost,
    readonly clock: SnapshotClock,
    private readonly deltaLimits?: DeltaLimits,
  ) {}

  static async start(host: MemoryHost, clock: SnapshotClock, deltaLimits?: DeltaLimits): Promise<Publisher> {
    const publisher = new Publisher(host, clock, deltaLimits);
    const [root1, root2, root3, rules, manifest, pointer] = await Promise.all(Array.from({ length: 6 }, generateKey));
    publisher.keys = { root: [root1!, root2!, root3!], rules: [rules!], manifest: [manifest!], pointer: [pointer!] };
    await publisher.publishRoot(1, publisher.keys);
    return publisher;
  }

  /** Makes the next root with these keys, signed by those of the last one too. */
  async publishRoot(
    version: number,
    keys: Keys,
    signers = [...this.keys.root.slice(0, 2), ...keys.root.slice(0, 2)],
  ): Promise<void> {
    const ids = (name: keyof Keys) => keys[name].map(({ id }) => id);
    const role = (name: keyof Keys, threshold: number) => ({ keys: ids(name), threshold });
    const body: Root = {
      type: 'root',
      version,
      expires: '2030-01-01T00:00:00Z',
      keys: Object.fromEntries(
        Object.values(keys)
          .flat()
          .map(({ id, public_key }) => [id, public_key]),
      ),
      roles: {
        root: role('root', 2),
        rules: role('rules', 1),
        manifest: role('manifest', 1),
        pointer: role('pointer', 1),
      },
    };
    const unique = [...new Map(signers.map((key) => [key.id, key])).values()];
    this.root = await sign(body, unique);
    this.keys = keys;
    this.put(PATHS.root(version), this.root);
  }

  /** Publishes contents: bare maps by kind, and bytes for `titles`. */
  async publish(
    contents: Partial<Record<Kind, Record<string, unknown> | Buffer>>,
    seq = (this.manifest?.seq ?? 0) + 1,
  ): Promise<void> {
    const kinds: KindInput[] = [];
    for (const [kind, value] of Object.entries(contents) as [Kind, Record<string, unknown> | Buffer][]) {
      const content = Buffer.isBuffer(value) ? value : readMap(JSON.stringify(value));
      kinds.push({
        kind,
        content,
        steps: this.steps.get(kind) ?? [],
        lastMap: async () => this.maps.get(kind)!,
        ...(kind === 'rules' && { signatures: await this.signRules(seq, content as BareMap) }),
      });
    }
    const built = await buildSnapshot({
      seq,
      now: this.clock.now(),
      nextAt: null,
      last: this.manifest,
      kinds,
      shardsFrom: Infinity,
      tiers: { sizes: [2], known: () => 0 },
      ...(this.deltaLimits && { deltaLimits: this.deltaLimits }),
    });
    for (const { path, bytes } of built.files) this.host.files.set(path, bytes);
    for (const { kind, ...step } of built.steps) this.steps.set(kind, [...(this.steps.get(kind) ?? []), step]);
    for (const { kind, content } of kinds) if (content instanceof Map) this.maps.set(kind, content as BareMap);
    if (built.manifest) await this.putManifest(built.manifest);
    await this.point();
  }

  /** Lays deltas to the anchors of a kind, of about so many entries, as the service does after it has published. */
  async lay(kind: Kind, most = Infinity): Promise<void> {
    const file = this.manifest!.files.find((one) => one.kind === kind)!;
    const steps = this.steps.get(kind)!;
    const newest = placed(this.maps.get(kind)!);
    let left = most;
    for (const to of anchorsOf(steps, this.clock.now())) {
      if (left <= 0) return;
      const { deltas, entries } = await laidDeltas(
        newest,
        steps,
        to,
        { bytes: file.bytes, gzBytes: file.gz_bytes },
        left,
      );
      for (const { path, bytes } of deltas.flatMap((one) => deltaFiles(kind, one)))
        if (!this.host.files.has(path)) this.host.files.set(path, bytes);
      const step = steps.find(({ version }) => version === to)!;
      if (deltas.length > 0) step.since = deltas.at(-1)!.from;
      left -= entries;
    }
  }

  async putManifest(manifest: Manifest): Promise<void> {
    this.manifest = manifest;
    const signed = await sign(manifest, this.keys.manifest);
    this.put(PATHS.manifest(manifest.seq), signed);
    this.host.files.set(PATHS.manifest(manifest.seq, true), await brotli(utf8(canonicalText(signed))));
  }

  /** Signs the pointer anew, good for a day. */
  async point(version = ++this.pointerVersion, seq = this.manifest!.seq, wait_s = 60): Promise<void> {
    this.pointerVersion = version;
    const bytes = new Uint8Array(this.host.files.get(PATHS.manifest(seq))!);
    const pointer: Pointer = {
      type: 'pointer',
      version,
      manifest: { version: seq, bytes: bytes.length, sha256: await sha256(bytes) },
      expires: new Date(this.clock.now().getTime() + 86_400_000).toISOString(),
      root: this.root.signed.version,
      wait_s,
    };
    this.put(PATHS.pointer, await sign(pointer, this.keys.pointer));
  }

  private async signRules(version: number, content: BareMap) {
    const bytes = utf8([...textOf(content)].join(''));
    const hash = await sha256(bytes);
    const old = this.manifest?.files.find((file) => file.kind === 'rules');
    const statement = rulesStatement({
      version: old?.sha256 === hash ? old.version : version,
      sha256: hash,
      bytes: bytes.length,
    });
    return (await sign(statement, this.keys.rules)).signatures;
  }

  private put(path: string, value: unknown): void {
    this.host.files.set(path, utf8(canonicalText(value)));
  }
}
