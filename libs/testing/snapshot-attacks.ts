import { canonicalText } from '#libs/snapshot/canonical-text';
import { PATHS, type Manifest, type Pointer, type Signed } from '#libs/snapshot/documents';
import { generateKey, sign } from '#libs/snapshot/signing';
import type { MemoryHost, Publisher, StandingClock } from './snapshot-world.js';

/** A client that holds the first hour, while the second is out. */
export interface Attacked {
  host: MemoryHost;
  publisher: Publisher;
  clock: StandingClock;
  sync(): Promise<unknown>;
  contents(n: number): Parameters<Publisher['publish']>[0];
}

const DAY = 86_400_000;

/** What somebody does who holds the host, or one of its keys; each gives the reason for which a client must refuse it. */
export const ATTACKS: [string, (attacked: Attacked) => Promise<string> | string][] = [
  [
    'rollback: an older pointer than was seen',
    async ({ host, publisher, sync, contents }) => {
      const old = new Map(host.files);
      await publisher.publish(contents(3));
      await sync();
      for (const [path, bytes] of old) host.files.set(path, bytes);
      return 'rollback';
    },
  ],
  [
    'rollback: a fresh pointer to an older manifest',
    async ({ publisher, sync }) => {
      await sync();
      await publisher.point(99, 1);
      return 'rollback';
    },
  ],
  [
    'rollback: a manifest in which one file is older',
    async ({ publisher, sync }) => {
      await sync();
      const manifest = publisher.manifest!;
      await publisher.putManifest({
        ...manifest,
        seq: 9,
        files: manifest.files.map((file) => ({ ...file, version: 1 })),
      });
      await publisher.point();
      return 'rollback';
    },
  ],
  [
    'freeze: the same for ever, past its time',
    async ({ clock, sync }) => {
      await sync();
      clock.move(2 * DAY);
      return 'expired';
    },
  ],
  [
    'mix and match: the manifest of one hour under the pointer of another',
    ({ host }) => {
      for (const packed of [false, true])
        host.files.set(PATHS.manifest(2, packed), host.files.get(PATHS.manifest(1, packed))!);
      return 'hash';
    },
  ],
  [
    'a pointer signed by a key that nobody named',
    async ({ host }) => {
      const pointer = JSON.parse(textOf(host.files.get(PATHS.pointer)!)) as { signed: { version: number } };
      const forged = await sign({ ...pointer.signed, version: 50 }, [await generateKey()]);
      host.files.set(PATHS.pointer, Buffer.from(JSON.stringify(forged)));
      return 'signature';
    },
  ],
  [
    'a pointer changed after it was signed',
    ({ host }) => {
      const pointer = textOf(host.files.get(PATHS.pointer)!);
      host.files.set(PATHS.pointer, Buffer.from(pointer.replace('"wait_s":60', '"wait_s":61')));
      return 'signature';
    },
  ],
  [
    'a manifest signed for another role',
    async ({ publisher, host }) => {
      const manifest = await sign(publisher.manifest!, publisher.keys.pointer);
      host.files.set(PATHS.manifest(2), Buffer.from(canonicalText(manifest)));
      await publisher.point();
      return 'signature';
    },
  ],
  [
    'a stolen key of the hour that signs rules',
    async ({ publisher, contents }) => {
      publisher.keys = { ...publisher.keys, rules: publisher.keys.manifest };
      await publisher.publish({ ...contents(3), rules: { version: 3, rules: ['evil'] } });
      return 'signature';
    },
  ],
  [
    'a stolen key of the hour that leaves the rules out, and then brings older ones back',
    async ({ host, publisher, sync, contents }) => {
      await sync();
      const { signed: first } = JSON.parse(textOf(host.files.get(PATHS.manifest(1))!)) as Signed<Manifest>;
      await publisher.publish(contents(3));
      const third = publisher.manifest!;
      const others = third.files.filter(({ kind }) => kind !== 'rules');
      await publisher.putManifest({ ...third, files: others });
      await publisher.point();
      await sync();
      const older = first.files.filter(({ kind }) => kind === 'rules');
      await publisher.putManifest({ ...third, seq: 4, files: [...others, ...older] });
      await publisher.point();
      return 'rollback';
    },
  ],
  [
    'a root that the old keys have not signed',
    async ({ publisher }) => {
      const strangers = await Promise.all([generateKey(), generateKey()]);
      await publisher.publishRoot(2, { ...publisher.keys, root: strangers }, strangers);
      await publisher.point();
      return 'signature';
    },
  ],
  [
    'endless data',
    ({ host }) => {
      host.tamper = (path, bytes) => (path === PATHS.pointer ? endless() : bytes);
      return 'too_long';
    },
  ],
  ...(['bytes', 'gz_bytes'] as const).map((length): [string, (attacked: Attacked) => Promise<string>] => [
    `a stolen key of the hour that says a file is without measure (${length})`,
    async ({ publisher, host }) => {
      const manifest = publisher.manifest!;
      const files = manifest.files.map((file) => ({ ...file, [length]: Number.MAX_SAFE_INTEGER }));
      await publisher.putManifest({ ...manifest, files });
      await publisher.point();
      host.tamper = (path, bytes) => (path.startsWith('o/') ? never(path) : bytes);
      return 'too_long';
    },
  ]),
  [
    'a stolen key of the pointer that says a manifest is without measure',
    async ({ publisher, host }) => {
      const { signed } = JSON.parse(textOf(host.files.get(PATHS.pointer)!)) as Signed<Pointer>;
      const manifest = { ...signed.manifest, bytes: Number.MAX_SAFE_INTEGER };
      const forged = await sign({ ...signed, version: signed.version + 1, manifest }, publisher.keys.pointer);
      host.files.set(PATHS.pointer, Buffer.from(JSON.stringify(forged)));
      host.tamper = (path, bytes) => (path.startsWith('manifest/') ? never(path) : bytes);
      return 'too_long';
    },
  ],
  [
    'slow data',
    ({ host, clock }) => {
      host.tamper = (path, bytes) => (path.startsWith(PATHS.manifest(2)) ? trickle(bytes!, clock) : bytes);
      return 'too_slow';
    },
  ],
  [
    'nothing that can be read',
    ({ host }) => {
      host.files.set(PATHS.pointer, Buffer.from('<html>'));
      return 'malformed';
    },
  ],
  [
    'a manifest that is gone',
    ({ host }) => {
      for (const packed of [false, true]) host.files.delete(PATHS.manifest(2, packed));
      return 'missing';
    },
  ],
];

/** Bytes without end. */
export async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024);
}

/** What must not be asked for at all. */
function never(path: string): never {
  throw new Error(`${path} was asked for.`);
}

/** A byte every second. */
async function* trickle(bytes: Uint8Array, clock: StandingClock): AsyncGenerator<Uint8Array> {
  for (const byte of bytes) {
    clock.move(1000);
    await new Promise(setImmediate);
    yield new Uint8Array([byte]);
  }
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
