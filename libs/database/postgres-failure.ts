import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '#libs/errors/app-error';

/** Says in words what kept the PostgreSQL of `directory` from starting, and what to do; the original is the cause. */
export function explainPostgresFailure(error: unknown, directory: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const as = (kind: 'invalid' | 'unavailable', message: string) =>
    new AppError(kind, message, undefined, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left on device|quota exceeded/i.test(text))
    return as('unavailable', `The disk that holds ${directory} is full. Make room and start again.`);
  if (code === 'EROFS' || /Read-only file system/i.test(text))
    return as('invalid', `${directory} can only be read. Choose a directory that can be written.`);
  if (code === 'EACCES' || code === 'EPERM' || /EACCES|Permission denied|wrong ownership/i.test(text))
    return as('invalid', permissionAdvice(directory));
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return as('invalid', `${directory} is not a directory. Choose another one for the data.`);
  if (code === '28P01')
    return as(
      'invalid',
      `The database in ${directory} refuses the password that is kept beside its data. Put the right file back, or move the folder postgres away to start empty.`,
    );
  const reason = text.split('\n').findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? text.split('\n').at(-1);
  return as(
    'unavailable',
    `PostgreSQL did not start in ${directory}: ${reason?.replace(/^.*?(FATAL|PANIC|error): +/, '')}`,
  );
}

function permissionAdvice(directory: string): string {
  if (process.getuid?.() !== 0)
    return `You may not use ${directory}: it, or the data in it, belongs to another account. Start as that account, or choose another directory.`;
  const closed = closedFolder(directory);
  const place = closed === undefined ? `the files in ${directory}` : `anything below ${closed}`;
  return `PostgreSQL does not run as root, and the account it runs as instead may not reach ${place}. Choose a directory that everybody may enter, such as one below /var/lib${closed === undefined ? '' : `, or run \`chmod o+x ${closed}\``}.`;
}

/** The first folder on the way that others may not enter. */
function closedFolder(directory: string): string | undefined {
  const way = [directory];
  while (dirname(way[0]!) !== way[0]) way.unshift(dirname(way[0]!));
  return way.find((folder) => (statSync(folder, { throwIfNoEntry: false })?.mode ?? 0o001) % 2 === 0);
}
