import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '#libs/config/package-root';
import { startEmbeddedPostgres } from '#libs/database/embedded-postgres';
import { freePort } from '#libs/database/free-port';
import { migrate } from '#libs/database/migrate';

/**
 * `npm run check:previous [-- ref]`: the release before (the last tag, or the ref that is named) runs on the schema of
 * this one. Between the migration of an upgrade and its last new pod, and after a rollback, that is what happens.
 */
const root = packageRoot();
const ref = process.argv[2] ?? lastRelease();
if (ref === undefined) {
  console.log('SKIPPED: there is no release yet (no tag v*), so there is nothing that must still run.');
} else {
  await runsOnOurSchema(ref);
}

function lastRelease(): string | undefined {
  const tags = git('tag', '--list', 'v*', '--sort=-v:refname').split('\n').filter(Boolean);
  const own = git('describe', '--tags', '--exact-match', '--match', 'v*', '--always').trim();
  return tags.find((tag) => tag !== own);
}

async function runsOnOurSchema(release: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'evidverse-previous-'));
  chmodSync(folder, 0o755); // PostgreSQL never runs as root, and must get in
  const code = join(folder, 'code');
  const database = await startEmbeddedPostgres({ directory: join(folder, 'database'), durable: false });
  git('worktree', 'add', '--detach', code, release);
  try {
    console.log(`building ${release}`);
    if (readFileSync(join(code, 'package-lock.json'), 'utf8') === readFileSync(join(root, 'package-lock.json'), 'utf8'))
      symlinkSync(join(root, 'node_modules'), join(code, 'node_modules'));
    else npm(code, 'ci', '--no-audit', '--no-fund', '--loglevel=error');
    npm(code, 'run', '--silent', 'build');
    const applied = await migrate(database.url);
    console.log(`${applied.length} migrations of this version applied; starting ${release} on them`);
    await playOn(code, { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data'), PORT: String(await freePort()) });
    console.log(`${release} plays its core journey on the schema of this version.`);
  } finally {
    await database.stop();
    git('worktree', 'remove', '--force', code);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the old platform and plays the old demo against it. */
async function playOn(code: string, settings: { DATABASE_URL: string; DATA_DIR: string; PORT: string }): Promise<void> {
  const url = `http://127.0.0.1:${settings.PORT}`;
  const platform = spawn(process.execPath, ['dist/services/local/main.js'], {
    cwd: code,
    env: { ...process.env, ...settings, LOG_LEVEL: 'warn', SECRET_KEY: 'of a platform that lives for a minute' },
    stdio: 'inherit',
  });
  try {
    await answers(`${url}/readyz`, () => platform.exitCode !== null);
    const demo = join(code, 'dist/scripts/demo.js');
    if (!existsSync(demo)) throw new Error('That release has no demo to play.');
    execFileSync(process.execPath, [demo], {
      cwd: code,
      env: { ...process.env, EVIDVERSE_URL: url },
      stdio: 'inherit',
    });
  } finally {
    platform.kill('SIGTERM');
  }
}

async function answers(url: string, ended: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (ended()) throw new Error('The release before ended by itself on the new schema; it says why above.');
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  throw new Error('The release before was not ready on the new schema within a minute.');
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd, stdio: 'inherit' });
}
