import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, JsonObject, list, paging, text, whole } from './fields.js';

/** The rules by which clients read sites: versions that only grow, tried on recorded pages, signed. */

const SiteId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);

const Signatures = z.array(z.object({ key: z.string().max(64), sig: z.string().max(200) }));

/** A published package: which version of each site's rules it holds. */
export const RulePackage = z
  .object({
    version: z.number().int(),
    state: z.enum(['canary', 'live', 'withdrawn']),
    canary_share: z.number(),
    reason: z.enum(['publish', 'rollback']),
    note: z.string().nullable(),
    entries: z.record(z.string(), z.number().int()),
    checksum: z.string(),
    signatures: Signatures,
    published_at: Instant,
  })
  .meta({ id: 'RulePackage' });
export type RulePackage = z.input<typeof RulePackage>;

export const listRulePackages = operation(
  'intel.listRulePackages',
  z.object(paging({ limit: 20, max: 100 })),
  z.array(RulePackage),
);
export const getRulePackage = operation(
  'intel.getRulePackage',
  z.object({ version: whole({ min: 1, max: 2_147_483_647 }) }),
  z.object({ body: z.string(), checksum: z.string() }).meta({ id: 'RulePackageText' }),
);

/** What is signed of a package, with the signatures there are. */
export const getRuleSignatures = operation(
  'intel.getRuleSignatures',
  z.object({ version: whole({ min: 1, max: 2_147_483_647 }) }),
  z
    .object({
      signed: z.object({
        type: z.literal('rules'),
        version: z.number().int(),
        sha256: z.string(),
        bytes: z.number().int(),
      }),
      signatures: Signatures,
    })
    .meta({ id: 'SignedRules' }),
);

/** The rules of one site, by their own version. */
export const SiteRules = z
  .object({
    site: z.string(),
    version: z.number().int(),
    checksum: z.string(),
    record: JsonObject,
    versions: z.array(z.number().int()),
  })
  .meta({ id: 'SiteRules' });
export type SiteRules = z.input<typeof SiteRules>;
export const getSiteRules = operation(
  'intel.getSiteRules',
  z.object({ site_id: SiteId, version: whole({ min: 1, max: 2_147_483_647 }).optional() }),
  SiteRules,
);

/** What changed from one package to another, site by site. */
export const diffRules = operation(
  'intel.diffRules',
  z.object({ from: whole({ min: 0, max: 2_147_483_647 }), to: whole({ min: 0, max: 2_147_483_647 }) }),
  z
    .object({
      from: z.number().int(),
      to: z.number().int(),
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(
        z.object({ site: z.string(), from: z.number().int(), to: z.number().int(), change: z.unknown() }),
      ),
    })
    .meta({ id: 'RulesDiff' }),
);
export const getRulesSchema = operation('intel.getRulesSchema', z.object({}), JsonObject);

/** Rules that are not published yet, with the pages they are tried on and what came of it. */
export const RuleDraft = z
  .object({
    id: z.string(),
    site: z.string(),
    record: JsonObject,
    fixtures: z.array(z.object({ name: z.string(), page: z.string() })),
    report: z
      .object({
        ok: z.boolean(),
        problems: z.array(z.object({ fixture: z.string(), message: z.string() })),
        pages: z.array(z.string()),
      })
      .nullable(),
    /** What the rules do not say of the definition that they were just made of, each with its place. */
    losses: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    state: z.enum(['open', 'published', 'withdrawn']),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'RuleDraft' });
export type RuleDraft = z.input<typeof RuleDraft>;

/** Rules as they are, or a definition as Jackett and Prowlarr have them (YAML), of which rules are made: one of the two. */
const Proposed = {
  record: JsonObject.optional(),
  definition: z.string().min(1).max(1_000_000).optional(),
  fixtures: list(JsonObject, 50).default([]),
};
export const createRuleDraft = operation('intel.createRuleDraft', z.object(Proposed), RuleDraft);
export const saveRuleDraft = operation('intel.saveRuleDraft', z.object({ draft_id: Id, ...Proposed }), RuleDraft);
export const listRuleDrafts = operation(
  'intel.listRuleDrafts',
  z.object(paging({ limit: 50, max: 200 })),
  z.array(RuleDraft),
);
export const withdrawRuleDraft = operation('intel.withdrawRuleDraft', z.object({ draft_id: Id }), RuleDraft);

/** Tries a draft on its recorded pages; only what passes can be published. */
export const validateRuleDraft = operation('intel.validateRuleDraft', z.object({ draft_id: Id }), RuleDraft, {
  timeoutMs: 30_000,
});

/** Publishes drafts as the next package: for all, or first for a share of clients. */
export const publishRules = operation(
  'intel.publishRules',
  z.object({
    drafts: list(Id, 500),
    remove: list(SiteId, 500).default([]),
    canary_share: z.number().gt(0).max(1).default(1),
    note: text({ max: 2000 }).nullish(),
  }),
  RulePackage,
);
export const promoteRules = operation(
  'intel.promoteRules',
  z.object({ version: whole({ min: 1, max: 2_147_483_647 }) }),
  RulePackage,
);
export const withdrawRules = operation(
  'intel.withdrawRules',
  z.object({ version: whole({ min: 1, max: 2_147_483_647 }) }),
  RulePackage,
);

/** Publishes what an older package held, under new and higher numbers; of all sites, or of some. */
export const rollbackRules = operation(
  'intel.rollbackRules',
  z.object({
    to: whole({ min: 1, max: 2_147_483_647 }),
    sites: list(SiteId, 500).optional(),
    note: text({ max: 2000 }).nullish(),
  }),
  RulePackage,
);

/** Adds signatures that were made elsewhere to a package that waits for them. */
export const signRules = operation(
  'intel.signRules',
  z.object({ version: whole({ min: 1, max: 2_147_483_647 }), signatures: Signatures.min(1).max(20) }),
  RulePackage,
);

interface KeysOfRole {
  keys: string[];
  threshold: number;
}

interface TrustRoot {
  type: 'root';
  version: number;
  expires: string;
  keys: Record<string, string>;
  roles: Record<'root' | 'rules' | 'manifest' | 'pointer', KeysOfRole>;
}

const KeysOfRole = z.looseObject({ keys: z.array(z.string()), threshold: z.number().int() });

/** What says whose signatures count for what. It is signed as it is: nothing of it is left out, also what nobody here knows. */
const TrustRoot: z.ZodType<TrustRoot, TrustRoot> = z
  .looseObject({
    type: z.literal('root'),
    version: z.number().int(),
    expires: z.string(),
    keys: z.record(z.string(), z.string()),
    roles: z.looseObject({ root: KeysOfRole, rules: KeysOfRole, manifest: KeysOfRole, pointer: KeysOfRole }),
  })
  .meta({ id: 'TrustRoot' });

/** The root that names all keys, and the keys there were. */
export const TrustKeys = z
  .object({
    root: z.object({ signed: TrustRoot, signatures: Signatures }),
    keys: z.array(
      z.object({
        id: z.string(),
        role: z.string(),
        public_key: z.string(),
        held_here: z.boolean(),
        retired_at: Instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'TrustKeys' });
export type TrustKeys = z.input<typeof TrustKeys>;
export const getTrustKeys = operation('intel.getTrustKeys', z.object({}), TrustKeys);

/** Puts a new key in the place of those of a role. Where the root's keys are elsewhere, answers the next root to be signed there. */
export const rotateKey = operation(
  'intel.rotateKey',
  z.object({ role: z.enum(['root', 'rules', 'manifest', 'pointer', 'feed']) }),
  z.object({ published: z.boolean(), root: TrustRoot }).meta({ id: 'KeyRotation' }),
);

/** Takes the next root, signed by enough keys of this one and of itself, those that the service has included: so the root's and the rules' keys can live elsewhere. */
export const publishRoot = operation(
  'intel.publishRoot',
  z.object({ signed: JsonObject, signatures: Signatures.max(20) }),
  TrustKeys,
);
