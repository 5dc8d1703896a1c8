import { appendFile, chmod, chown, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#libs/database/embedded-postgres';

/** The folders of a drill: the server that will be lost, its archive of WAL, the base backup, and the server that comes back. */
export interface DrillFolders {
  readonly lost: string;
  readonly archive: string;
  readonly backup: string;
  readonly restored: string;
}

/** The folders below one, all readable for the account that PostgreSQL runs as. */
export async function drillFolders(directory: string): Promise<DrillFolders> {
  const folders = Object.fromEntries(
    ['lost', 'archive', 'backup', 'restored'].map((name) => [name, join(directory, name)]),
  ) as unknown as DrillFolders;
  for (const folder of Object.values(folders) as string[]) await mkdir(folder, { recursive: true });
  await chmod(directory, 0o755);
  await chmod(folders.archive, 0o777); // PostgreSQL, which never runs as root, writes there
  return folders;
}

/** A server that copies every finished WAL segment into the archive before it lets go of it. */
export async function startArchiving({ lost, archive }: DrillFolders): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ directory: lost });
  await first.stop();
  const settings = [
    `wal_level = replica`,
    `archive_mode = on`,
    `archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f'`,
  ];
  await appendFile(join(lost, 'postgres', 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  return startEmbeddedPostgres({ directory: lost });
}

/**
 * A base backup of a running server by PostgreSQL's low-level interface: the files are copied while it works on, and
 * the label says from where WAL must be replayed.
 */
export async function takeBaseBackup(url: string, { lost, backup }: DrillFolders): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`select pg_backup_start('drill', fast => true)`);
    await copyTree(join(lost, 'postgres'), join(backup, 'postgres'));
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      'select labelfile, spcmapfile from pg_backup_stop(wait_for_archive => true)',
    );
    await writeFile(join(backup, 'postgres', 'backup_label'), rows[0]!.labelfile);
  });
  // Neither what comes from the archive nor what tells of a running server belongs to a backup.
  for (const file of ['postmaster.pid', 'postmaster.opts']) await rm(join(backup, 'postgres', file), { force: true });
  for (const file of await readdir(join(backup, 'postgres', 'pg_wal')))
    if (/^[0-9A-F]{24}/.test(file)) await rm(join(backup, 'postgres', 'pg_wal', file));
}

/** Owners, modes and times are kept: PostgreSQL refuses data that is not its account's alone. */
async function copyTree(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]).catch((error: Error & { stderr?: string }) => {
    // Files come and go while the server works; replaying the WAL brings what was missed.
    const others = (error.stderr ?? '').split('\n').filter((line) => line !== '' && !/No such file/.test(line));
    if (others.length > 0) throw error;
  });
}

/** Has everything that is committed so far in the archive. */
export async function archiveEverything(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ segment: string }>('select pg_walfile_name(pg_switch_wal()) as segment');
    for (;;) {
      const { rows: archived } = await client.query<{ done: boolean }>(
        'select last_archived_wal >= $1 as done from pg_stat_archiver',
        [rows[0]!.segment],
      );
      if (archived[0]?.done) return;
      await client.query('select pg_sleep(0.05)');
    }
  });
}

/** The server as it was at that moment: base backup, then WAL up to it; it opens for writing on a timeline of its own. */
export async function restoreTo(moment: string, folders: DrillFolders): Promise<EmbeddedPostgres> {
  const { archive, backup, restored } = folders;
  const data = join(restored, 'postgres');
  await rm(data, { recursive: true, force: true });
  await copyTree(join(backup, 'postgres'), data);
  const settings = [
    `archive_mode = off`,
    `restore_command = 'cp ${archive}/%f %p'`,
    `recovery_target_time = '${moment}'`,
    `recovery_target_action = promote`,
  ];
  await appendFile(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  const signal = join(data, 'recovery.signal');
  await writeFile(signal, '');
  const { uid, gid } = await stat(data);
  for (const file of [signal, join(data, 'backup_label')]) await chown(file, uid, gid);
  const server = await startEmbeddedPostgres({ directory: restored });
  await withClient(server.url, async (client) => {
    while ((await client.query<{ on: boolean }>('select pg_is_in_recovery() as on')).rows[0]!.on)
      await client.query('select pg_sleep(0.05)');
  });
  return server;
}

/** Work with a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
