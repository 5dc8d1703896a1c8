import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, list, paging, text, whole } from './fields.js';
import { hasControls } from './controls.js';
import { harmless } from './harmless.js';
import { AliasKind, ReleaseKey, WorkName, WorkType } from './intel.js';
import { isRevealingTitle } from './revealing.js';

/** The catalogue: works, their names, and how these come in. */

/** A work; asked by a key that was merged into it, `asked` says which. A split one has `parts` and no names. */
export const Work = z
  .object({
    release_key: ReleaseKey,
    asked: z.string(),
    title: z.string(),
    original_title: z.string().nullable(),
    year: z.number().int().nullable(),
    type: WorkType,
    season: z.number().int().nullable(),
    root_key: z.string().nullable(),
    ids: z.record(z.string(), z.array(z.string())),
    aliases: z.array(WorkName),
    merged_keys: z.array(z.string()),
    parts: z.array(z.string()),
    source: z.string(),
    updated_at: Instant,
  })
  .meta({ id: 'Work' });
export type Work = z.input<typeof Work>;

/** A name of a work goes out to everybody: it holds no address, no key of anybody, no number of a torrent, and nothing that is not seen. */
const Title = harmless(
  { min: 1, max: 500 },
  'A name names a work, and holds no address, key or torrent',
  isRevealingTitle,
).refine((name) => !hasControls(name), {
  error: 'A name is one line of plain words, without control characters',
  params: { reason: 'value_error' },
});

export const NameDraft = z
  .object({
    name: Title,
    language: text({ max: 35 }).nullish(),
    kind: AliasKind.default('synonym'),
    licence: text({ max: 100 }).nullish(),
    weight: z.number().min(0).max(10).default(1),
  })
  .meta({ id: 'NameDraft' });
export type NameDraft = z.output<typeof NameDraft>;

const Provider = z.string().regex(/^[a-z0-9_]{1,32}$/);

/** What a work is said to be; ids are by provider, where films and series of tmdb are `tmdb_movie` and `tmdb_tv`. */
export const WorkDraft = z
  .object({
    title: Title,
    original_title: Title.nullish(),
    year: whole({ min: 1850, max: 2200 }).nullish(),
    type: WorkType,
    season: whole({ min: 0, max: 999 }).nullish(),
    root_key: text({ max: 200 }).nullish(),
    popularity: z.number().min(0).max(1e9).default(0),
    ids: z
      .record(Provider, z.union([text({ min: 1, max: 100 }), z.array(text({ min: 1, max: 100 })).max(20)]))
      .default({}),
    aliases: list(NameDraft, 500).default([]),
  })
  .meta({ id: 'WorkDraft' });
export type WorkDraft = z.output<typeof WorkDraft>;

/** A line of an import: a draft with the name under which its source knows it, so that it can come again. */
export const WorkLine = WorkDraft.extend({
  release_key: ReleaseKey.optional(),
  source_ref: text({ min: 1, max: 300 }).optional(),
}).meta({ id: 'WorkLine' });
export type WorkLine = z.output<typeof WorkLine>;

export const getWork = operation('intel.getWork', z.object({ release_key: z.string().max(400) }), Work);

/** Works that have this id with one of the providers. */
export const findWorks = operation(
  'intel.findWorks',
  z.object({
    tmdb_id: Id.optional(),
    imdb_id: Id.optional(),
    tvdb_id: Id.optional(),
    douban_id: Id.optional(),
    bangumi_id: Id.optional(),
    ...paging({ limit: 20, max: 100 }),
  }),
  z.array(Work),
);

/** Makes a work, or changes the one that has the key; a new work's key is made of its title unless given. */
export const saveWork = operation('intel.saveWork', WorkDraft.extend({ release_key: z.string().max(400) }), Work);
export const createWork = operation('intel.createWork', WorkDraft, Work);

/** Makes one work of two: the key of the first leads to the second from now on, and can be parted again. */
export const mergeWorks = operation(
  'intel.mergeWorks',
  z.object({ release_key: z.string().max(400), into: z.string().max(400) }),
  Work,
);

/** Takes a merge back: the key stands for a work of its own again, with the names it came with. */
export const unmergeWork = operation('intel.unmergeWork', z.object({ release_key: z.string().max(400) }), Work);

/** Makes several works of one, whose key stays as a tombstone that names them. */
export const splitWork = operation(
  'intel.splitWork',
  z.object({ release_key: z.string().max(400), parts: z.array(WorkDraft).min(2).max(50) }),
  z.array(Work),
);

/** Takes a split back: the tombstone is the work it was, and the keys of the parts that were made then lead to it. */
export const unsplitWork = operation('intel.unsplitWork', z.object({ release_key: z.string().max(400) }), Work);

/** A proposed name, and how it was decided. Whose it is, and the moments, are told to its owner and to administrators; to others the day. */
export const Submission = z
  .object({
    id: z.string(),
    release_key: ReleaseKey,
    name: z.string(),
    language: z.string().nullable(),
    kind: AliasKind,
    evidence: z.string().nullable(),
    licence: z.string().nullable(),
    status: z.enum(['pending', 'approved', 'rejected']),
    reason: z.string().nullable(),
    user_id: z.string().nullable(),
    votes_for: z.number(),
    votes_against: z.number(),
    decided_at: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Submission' });
export type Submission = z.input<typeof Submission>;

export const submitAlias = operation(
  'intel.submitAlias',
  z.object({
    release_key: z.string().max(400),
    name: Title,
    language: text({ max: 35 }).nullish(),
    kind: AliasKind.default('synonym'),
    evidence: text({ max: 2000 }).nullish(),
    licence: text({ max: 100 }).nullish(),
  }),
  Submission,
);

export const listSubmissions = operation(
  'intel.listSubmissions',
  z.object({
    status: z.enum(['pending', 'approved', 'rejected']).default('pending'),
    mine: z.enum(['true', 'false']).default('false'),
    ...paging({ limit: 50, max: 200 }),
  }),
  z.array(Submission),
);

/** Says yes or no to a name; a publisher's word decides, a contributor's counts by how often they were right. */
export const approveSubmission = operation(
  'intel.approveSubmission',
  z.object({ submission_id: Id, reason: text({ max: 1000 }).nullish() }),
  Submission,
);
export const rejectSubmission = operation(
  'intel.rejectSubmission',
  z.object({ submission_id: Id, reason: text({ max: 1000 }).nullish() }),
  Submission,
);

/** Someone with a part in the upkeep; trust runs from 0 to 1. */
export const Contributor = z
  .object({
    user_id: z.string(),
    role: z.enum(['contributor', 'publisher', 'admin']),
    trust: z.number(),
    approved: z.number().int(),
    rejected: z.number().int(),
  })
  .meta({ id: 'CatalogueContributor' });
export type Contributor = z.input<typeof Contributor>;

export const listContributors = operation('intel.listContributors', z.object({}), z.array(Contributor));
export const setContributor = operation(
  'intel.setContributor',
  z.object({ user_id: z.uuid(), role: z.enum(['none', 'contributor', 'publisher', 'admin']) }),
  Contributor.nullable(),
);

/** A credential for a client that cannot be changed; the token is shown this once. */
export const ClientToken = z
  .object({ id: z.string(), name: z.string(), created_at: Instant, token: z.string().optional() })
  .meta({ id: 'ClientToken' });
export type ClientToken = z.input<typeof ClientToken>;

export const createClientToken = operation(
  'intel.createClientToken',
  z.object({ name: text({ min: 1, max: 100 }) }),
  ClientToken,
);
export const listClientTokens = operation('intel.listClientTokens', z.object({}), z.array(ClientToken));
export const revokeClientToken = operation(
  'intel.revokeClientToken',
  z.object({ token_id: Id }),
  z.object({ ok: z.literal(true) }),
);

/** Whose word an import is: a plain name, so that none speaks for another centre (`node:…`). */
export const ImportSource = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
  error: 'A source is named by small letters, digits and . _ -, at most 64 of them, and begins with a letter or digit',
});

/** A bulk import of JSON lines: where to put the file, then how far it has come and which lines were refused. */
export const Import = z
  .object({
    id: z.string(),
    source: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    lines: z.number().int(),
    added: z.number().int(),
    changed: z.number().int(),
    bytes: z.number().int(),
    bytes_read: z.number().int(),
    refused: z.array(z.object({ line: z.number().int(), reason: z.string() })),
    error: z.string().nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
    upload_url: z.string().optional(),
  })
  .meta({ id: 'Import' });
export type Import = z.input<typeof Import>;

export const createImport = operation('intel.createImport', z.object({ source: ImportSource }), Import);
export const startImport = operation('intel.startImport', z.object({ import_id: Id }), Import);
export const getImport = operation('intel.getImport', z.object({ import_id: Id }), Import);

/** Takes up to 1,000 works as they are, in one answer. */
export const importWorks = operation(
  'intel.importWorks',
  z.object({ source: ImportSource, works: list(WorkLine, 1000) }),
  z
    .object({ added: z.number().int(), changed: z.number().int(), unchanged: z.number().int() })
    .meta({ id: 'ImportedWorks' }),
  { timeoutMs: 60_000 },
);
