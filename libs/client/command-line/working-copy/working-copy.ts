import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#libs/errors/app-error';
import { canonicalJson, contentHash } from '#libs/timeline/canonical-json';
import { committable, type Document } from '#libs/timeline/document';
import { alone } from '../../node/alone.js';
import { readIfThere, writeWhole } from '../files.js';
import { prettyText, readDocumentText } from './pretty.js';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What a working copy knows of itself: where it came from, which commit it began at, and what was committed since. */
const State = z.object({
  format: z.literal(1),
  server: z.string(),
  project_id: z.string(),
  project_name: z.string(),
  branch: z.string(),
  /** The commit of the branch that all else here is based on; null on a branch without commits. */
  head: z.string().nullable(),
  /** The hash of its document. */
  document: Hash,
  /** Commits that were not pushed yet, oldest first, each with the hash of its document. */
  pending: z.array(z.object({ message: z.string(), document: Hash, committed_at: z.string() })),
});
export type State = z.output<typeof State>;

/** What this person has sent from here, by the hash of its content. */
const Media = z.record(
  Hash,
  z.object({
    upload_id: z.string(),
    asset_id: z.string().nullable(),
    url: z.string().nullable(),
    name: z.string(),
  }),
);
export type Media = z.output<typeof Media>;

const FOLDER = '.evidverse';
const DOCUMENT = 'timeline.json';

/**
 * A folder with the film of a branch in `timeline.json`, to be edited, and in `.evidverse/` what is known of the server.
 * Documents are kept by their hash; `state.json` is replaced whole, last, so that a copy is never half of one thing and half
 * of another.
 */
export class WorkingCopy {
  private constructor(
    readonly root: string,
    readonly state: State,
  ) {}

  get documentPath(): string {
    return join(this.root, DOCUMENT);
  }

  /** The working copy that a folder is in. */
  static async find(from: string): Promise<WorkingCopy> {
    for (let folder = await realpath(from); ; folder = dirname(folder)) {
      const text = await readIfThere(join(folder, FOLDER, 'state.json'));
      if (text !== undefined) return new WorkingCopy(folder, readState(text, folder));
      if (dirname(folder) === folder)
        throw new AppError('not_found', `${from} is in no working copy. Make one: evidverse clone <project>`);
    }
  }

  static async findOrNull(from: string): Promise<WorkingCopy | null> {
    return WorkingCopy.find(from).catch((thrown: unknown) => {
      if (thrown instanceof AppError && thrown.code === 'not_found') return null;
      throw thrown;
    });
  }

  /** A new one in a folder that is empty or not there yet. */
  static async create(root: string, state: Omit<State, 'format' | 'document' | 'pending'>, document: Document) {
    const there = await readdir(root).catch(() => []);
    if (there.length > 0) throw new AppError('conflict', `${root} is not empty. Name another folder.`);
    await mkdir(join(root, FOLDER), { recursive: true });
    const copy = new WorkingCopy(root, { format: 1, ...state, document: contentHash(document), pending: [] });
    return copy.become({ document }, document);
  }

  /** Runs `work` while no other command changes this working copy; it is read anew first. */
  async alone<T>(work: (copy: WorkingCopy) => Promise<T>): Promise<T> {
    return alone(join(this.root, FOLDER, 'lock'), async () => work(await WorkingCopy.find(this.root)));
  }

  /** What `timeline.json` says now, of which the layout of an editor's windows is no part. */
  async edited(): Promise<Document> {
    const text = await readIfThere(this.documentPath);
    if (text === undefined)
      throw new AppError(
        'not_found',
        `${this.documentPath} is gone. Bring it back: evidverse checkout --force ${this.state.branch}`,
      );
    return committable(readDocumentText(text, this.documentPath));
  }

  /** The document of the head, without anything that was done here. */
  base(): Promise<Document> {
    return this.kept(this.state.document);
  }

  /** The document that was committed last here, pushed or not. */
  committed(): Promise<Document> {
    return this.kept(this.state.pending.at(-1)?.document ?? this.state.document);
  }

  /** A document by its hash. */
  async kept(hash: string): Promise<Document> {
    const path = this.objectPath(hash);
    const text = await readIfThere(path);
    if (text === undefined)
      throw new AppError('internal', `${path} is missing: this working copy is damaged. Clone again.`);
    const document = readDocumentText(text, path);
    if (contentHash(document) !== hash)
      throw new AppError('internal', `${path} is not what it was: this working copy is damaged. Clone again.`);
    return document;
  }

  /** Becomes another state; `document` is what the head now has, `edited` what `timeline.json` is to say. */
  async become(
    change: Partial<Omit<State, 'document'>> & { document?: Document },
    edited?: Document,
  ): Promise<WorkingCopy> {
    const { document, ...rest } = change;
    const next: State = { ...this.state, ...rest, ...(document && { document: await this.keep(document) }) };
    if (edited) await writeWhole(this.documentPath, prettyText(edited));
    await writeWhole(join(this.root, FOLDER, 'state.json'), `${JSON.stringify(next, null, 2)}\n`);
    return new WorkingCopy(this.root, next);
  }

  /** Keeps a document; tells its hash. */
  async keep(document: Document): Promise<string> {
    const hash = contentHash(document);
    const path = this.objectPath(hash);
    if (!(await stat(path).catch(() => null))) await writeWhole(path, canonicalJson(document));
    return hash;
  }

  async media(): Promise<Media> {
    const text = await readIfThere(this.mediaPath);
    const read = Media.safeParse(JSON.parse(text ?? '{}'));
    return read.success ? read.data : {};
  }

  async rememberMedia(hash: string, one: Media[string]): Promise<void> {
    const media = { ...(await this.media()), [hash]: one };
    await writeWhole(this.mediaPath, `${JSON.stringify(media, null, 2)}\n`);
  }

  private get mediaPath(): string {
    return join(this.root, FOLDER, 'media.json');
  }

  private objectPath(hash: string): string {
    return join(this.root, FOLDER, 'objects', `${hash}.json`);
  }
}

function readState(text: string, folder: string): State {
  try {
    return State.parse(JSON.parse(text));
  } catch (thrown) {
    throw new AppError('invalid', `${join(folder, FOLDER, 'state.json')} is damaged. Clone again.`, undefined, {
      cause: thrown,
    });
  }
}
