import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import { Turns } from './turns.js';

/**
 * The files below one folder, and no others: paths are plain names joined by slashes, and a symbolic link on the way
 * leads nowhere. What it publishes is whole or absent, even when the process is killed or the power fails.
 */
export class ConfinedFolder {
  private root: Promise<string> | undefined;

  constructor(
    private readonly path: string,
    private readonly drafts: string,
  ) {}

  /** Resolves when the folder is there and may be written. */
  async ready(): Promise<void> {
    try {
      await access(await this.rootPath(), constants.R_OK | constants.W_OK);
    } catch (error) {
      throw new AppError('unavailable', `The folder ${this.path} cannot be written. Look at DATA_DIR.`, undefined, {
        cause: error,
      });
    }
  }

  /** Opens a file for reading; undefined when there is none. */
  async open(path: string): Promise<FileHandle | undefined> {
    return absent(async () => open(await this.resolve(path), constants.O_RDONLY | NO_FOLLOW));
  }

  /** Makes a new file, and the folders above it. */
  async create(path: string): Promise<FileHandle> {
    return this.withFolders(path, (resolved) => open(resolved, constants.O_WRONLY | CREATE | NO_FOLLOW, 0o600));
  }

  /** Adds text to the end of a file, which is made when it is missing. */
  async append(path: string, text: string): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_FOLLOW;
    const file = await this.withFolders(path, (resolved) => open(resolved, flags, 0o600));
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  }

  async readText(path: string): Promise<string | undefined> {
    const file = await this.open(path);
    if (file === undefined) return undefined;
    try {
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  }

  /**
   * Puts the text under the path in one step, safely on the disk. `exclusive`: false is the answer, and nothing is changed,
   * when there is a file already. `inside`: only into a folder that is there; without it, missing folders are made.
   */
  async publish(
    path: string,
    text: string,
    { exclusive = false, inside = false }: { exclusive?: boolean; inside?: boolean } = {},
  ): Promise<boolean> {
    const draft = `${this.drafts}/${process.pid}-${randomUUID()}.new`;
    const file = await this.create(draft);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      const from = await this.resolve(draft);
      const place = (to: string) => (exclusive ? linkOrRename(from, to) : rename(from, to));
      if (inside) await place(await this.resolve(path));
      else await this.withFolders(path, place);
      await this.settleFolder(path);
      return true;
    } catch (error) {
      if (exclusive && codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await this.remove(draft);
    }
  }

  /** Gives a file a second name, without copying its bytes where the disk can do that; false when there is none. */
  async link(from: string, to: string): Promise<boolean> {
    const done = await absent(async () => {
      const source = await this.resolve(from);
      await lstat(source);
      await this.withFolders(to, async (target) => {
        try {
          await link(source, target);
        } catch (error) {
          if (!CANNOT_LINK.has(codeOf(error))) throw error;
          await copyDurably(source, target);
        }
      });
      return true;
    });
    return done ?? false;
  }

  async remove(path: string): Promise<void> {
    await absent(async () => rm(await this.resolve(path)));
  }

  /** Makes what happened to the names in a file's folder last. */
  async settleFolder(path: string): Promise<void> {
    const folder = await open(dirname(await this.resolve(path)), constants.O_RDONLY).catch(() => undefined);
    // Not every system can flush a folder; those that cannot do so by themselves.
    await folder?.sync().catch(() => undefined);
    await folder?.close();
  }

  /** Removes the folders above a path that hold nothing any more, up to `top`. */
  async prune(path: string, top: string): Promise<void> {
    await FOLDERS.take(this.path, async () => {
      for (let folder = dirname(path); folder !== top && folder !== '.'; folder = dirname(folder)) {
        const kept = await this.resolve(folder)
          .then(rmdir)
          .then(
            () => false,
            () => true,
          );
        if (kept) return;
      }
    });
  }

  /** The plain files and folders in a folder; links and other things are passed over. */
  async entries(path: string): Promise<{ name: string; isFolder: boolean }[]> {
    const found = await absent(async () => readdir(dirname(await this.resolve(`${path}/-`)), { withFileTypes: true }));
    return (found ?? [])
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  }

  /** Size and time of the last change of what stands there, itself and not what it may point at. */
  async look(path: string): Promise<{ size: number; changed: Date } | undefined> {
    return absent(async () => {
      const { size, mtime } = await lstat(await this.resolve(path));
      return { size, changed: mtime };
    });
  }

  private rootPath(): Promise<string> {
    this.root ??= mkdir(this.path, { recursive: true, mode: 0o700 })
      .then(() => realpath(this.path))
      .catch((error: unknown) => {
        this.root = undefined;
        throw error;
      });
    return this.root;
  }

  /** The place of a path on the disk, after a look that the way to it is made of folders and not of links. */
  private async resolve(path: string): Promise<string> {
    const resolved = join(await this.rootPath(), path);
    const folder = dirname(resolved);
    if ((await realpath(folder)) !== folder)
      throw new AppError(
        'internal',
        `A symbolic link stands in the way to ${path}. Remove it; nothing is read over links.`,
      );
    return resolved;
  }

  /** Does the work, making the folders when they are missing; nobody in this process prunes them in between. */
  private async withFolders<T>(path: string, work: (resolved: string) => Promise<T>): Promise<T> {
    const attempt = async () => work(await this.resolve(path));
    try {
      return await attempt();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    return FOLDERS.take(this.path, async () => {
      await this.makeFolders(dirname(path));
      return attempt();
    });
  }

  private async makeFolders(path: string): Promise<void> {
    let folder = await this.rootPath();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of path.split('/')) {
      folder = join(folder, name);
      const made = await mkdir(folder, { mode: 0o700 }).then(
        () => true,
        (error: unknown) => {
          if (codeOf(error) !== 'EEXIST') throw error;
          return false;
        },
      );
      if (!made && !(await lstat(folder)).isDirectory())
        throw new AppError('internal', `Something that is not a folder stands at ${path}. Remove it.`);
    }
  }
}

const FOLDERS = new Turns();
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const CREATE = constants.O_CREAT | constants.O_EXCL;
const CANNOT_LINK = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EMLINK', 'ENOSYS']);

/** A link cannot replace a file, a rename would: where the disk has no links, the look before must be enough. */
async function linkOrRename(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!CANNOT_LINK.has(codeOf(error))) throw error;
    await rename(from, to);
  }
}

async function copyDurably(source: string, target: string): Promise<void> {
  const from = await open(source, constants.O_RDONLY | NO_FOLLOW);
  try {
    const to = await open(target, constants.O_WRONLY | CREATE, 0o600);
    try {
      await to.writeFile(from.createReadStream({ autoClose: false, start: 0 }));
      await to.sync();
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

async function absent<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}
