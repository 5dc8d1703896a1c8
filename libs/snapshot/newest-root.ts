import * as shapes from './document-shapes.js';
import { PATHS, type RoleName, type Root, type Signed } from './documents.js';
import { fetchLimited, type Traffic } from './fetch-limited.js';
import { isSignedBy } from './signing.js';
import type { SnapshotState } from './snapshot-state.js';
import { SnapshotRefusedError, type SnapshotWorld } from './world.js';

const ROOT_LIMIT = 64 * 1024;
const MOST_ROOTS = 1000;

/**
 * Follows the roots one by one to the newest, each signed by enough keys of the one before and of itself. Where it takes
 * keys of the pointer or the manifest away, or of the rules, numbers seen under these no longer count: that, and nothing else,
 * may lower them.
 */
export async function newestRoot(world: SnapshotWorld, state: SnapshotState, traffic: Traffic): Promise<SnapshotState> {
  let { root, pointer_version, manifest_seq, rules_version } = state;
  for (let steps = 0; steps < MOST_ROOTS; steps++) {
    const path = PATHS.root(root.signed.version + 1);
    const bytes = await fetchLimited(world, path, ROOT_LIMIT, traffic);
    if (!bytes) break;
    const next = await follows(root.signed, readRoot(bytes, path));
    if (losesKeys(root.signed, next.signed, ['pointer', 'manifest'])) [pointer_version, manifest_seq] = [0, 0];
    if (losesKeys(root.signed, next.signed, ['rules'])) rules_version = 0;
    root = next;
  }
  return { ...state, root, pointer_version, manifest_seq, rules_version };
}

/** The next root, if the one in use and itself say so; otherwise it is refused. */
export async function follows(root: Root, next: Signed<Root>): Promise<Signed<Root>> {
  if (next.signed.version !== root.version + 1)
    throw new SnapshotRefusedError('rollback', `Root ${next.signed.version} does not follow ${root.version}.`);
  const { signed: document, signatures } = next;
  const believed =
    (await isSignedBy(root, 'root', document, signatures)) &&
    (await isSignedBy(document, 'root', document, signatures));
  if (!believed) throw new SnapshotRefusedError('signature', `Root ${document.version} is not signed by enough keys.`);
  return next;
}

/** A root as it was sent; one that cannot be read is refused. */
export function readRoot(bytes: Uint8Array, path: string): Signed<Root> {
  try {
    return shapes.signed(shapes.Root).parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new SnapshotRefusedError('malformed', `${path} cannot be read.`, { cause });
  }
}

const losesKeys = (from: Root, to: Root, roles: readonly RoleName[]) =>
  roles.some((role) => from.roles[role].keys.some((key) => !to.roles[role].keys.includes(key)));
