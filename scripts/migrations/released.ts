import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '#libs/contracts/contract';
import { packageRoot } from '#libs/config/package-root';

/** The SQL of one migration file. */
export interface MigrationFile {
  readonly path: string;
  readonly sql: string;
}

/** A service's migrations in the order they run, those that operators have apart from those that they will get. */
export function migrationsOf(service: ServiceName): { released: MigrationFile[]; coming: MigrationFile[] } {
  const root = join(packageRoot(), 'migrations');
  const known = releasedPaths();
  const files = ['every-service', service].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((file) => ({ path: `${folder}/${file}`, sql: readFileSync(join(root, folder, file), 'utf8') })),
  );
  return {
    released: files.filter(({ path }) => known.has(path)),
    coming: files.filter(({ path }) => !known.has(path)),
  };
}

/** The lines of migrations/released.txt. */
export function releasedPaths(): Set<string> {
  const text = readFileSync(join(packageRoot(), 'migrations', 'released.txt'), 'utf8');
  return new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
}

/** Paths that the list names and that are not there any more: a released migration is never taken back. */
export function lostMigrations(): string[] {
  const there = new Set(
    SERVICES.flatMap((service) =>
      Object.values(migrationsOf(service)).flatMap((files) => files.map(({ path }) => path)),
    ),
  );
  return [...releasedPaths()].filter((path) => !there.has(path));
}
