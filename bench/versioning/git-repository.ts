import { execFileSync, spawnSync } from 'node:child_process';
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

  packedBytes(): number {
    this.run('gc', '-q', '--prune=now');
    return 1024 * Number(/size-pack: (\d+)/.exec(this.run('count-objects', '-v'))![1]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
