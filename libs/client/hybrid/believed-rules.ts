import { sha256, utf8 } from '#libs/snapshot/canonical-text';
import { rulesStatement, type Signature } from '#libs/snapshot/documents';
import { isSignedBy } from '#libs/snapshot/signing';
import { SnapshotRefusedError } from '#libs/snapshot/world';
import type { RulesPackage } from '../answers.js';
import type { Snapshots } from '../snapshots/snapshots.js';

/** A package of rules as the cloud gave it: its whole text, and whose it is said to be. */
export interface GivenRules {
  version: number;
  text: string;
  signatures: readonly Signature[];
}

/**
 * The package, where it is signed as a snapshot's would have to be and is not older than one that was held here. Anything else is a
 * `SnapshotRefusedError`, as is everything before it is known whose signatures count.
 */
export async function believedRules(
  { version, text, signatures }: GivenRules,
  snapshots: Snapshots,
): Promise<RulesPackage> {
  const trust = await snapshots.trust();
  if (!trust)
    throw new SnapshotRefusedError('missing', 'There is no root here yet that says who signs rules. Sync once.');
  if (version < trust.rules_version)
    throw new SnapshotRefusedError(
      'rollback',
      `Rules ${version} are older than those of before, ${trust.rules_version}.`,
    );
  const bytes = utf8(text);
  const statement = rulesStatement({ version, sha256: await sha256(bytes), bytes: bytes.length });
  if (!(await isSignedBy(trust.root, 'rules', statement, signatures)))
    throw new SnapshotRefusedError('signature', `Rules ${version} are not signed by those who may sign rules.`);
  return JSON.parse(text) as RulesPackage;
}
