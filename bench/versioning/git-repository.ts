import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A git repository of one's own, removed at the end. */
export class GitRepository {
  readonly folder = mkdtempSync(join(tmpdir(), 'versioning-'));

  constructor() {
    this.run('init', '-q', '-b', 'main');
    this.run('config', 'user.name', 'Bench');
    this.run('config', 'user.email', 'bench@example.org');
    this.run('config', 'gc.auto', '0');
  }

  run(...args: string[]): string {
    return execFileSync('git', ['-C', this.folder, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  }

  /** The same for answers that are no success, such as a merge with conflicts. */
  try(...args: string[]): { status: number | null; stdout: string } {
    return spawnSync('git', ['-C', this.folder, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  }

  import(stream: string): void {
    execFileSync('git', ['-C', this.folder, 'fast-import', '--quiet', '--force'], {
      input: stream,
      maxBuffer: 2 ** 30,
    });
  }

  /** Commits one file in each of its versions, however many and long they are. */
  async importVersions(file: string, versions: Iterable<string>): Promise<void> {
    const git = spawn('git', ['-C', this.folder, 'fast-import', '--quiet', '--force'], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    let seconds = 0;
    for (const text of versions) {
      const commit = `commit refs/heads/main\ncommitter Bench <bench@example.org> ${++seconds} +0000\ndata 4\ntrim\n`;
      const blob = `M 100644 inline ${file}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
      if (!git.stdin.write(commit + blob)) await once(git.stdin, 'drain');
    }
    git.stdin.end();
    await once(git, 'exit');
    // What was imported is chained as it came: git is to choose its differences itself, as for loose objects.
    this.run('repack', '-a', '-d', '-f', '-q');
  }

  packedBytes(): number {
    this.run('gc', '-q', '--prune=now');
    return 1024 * Number(/size-pack: (\d+)/.exec(this.run('count-objects', '-v'))![1]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
