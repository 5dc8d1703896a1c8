import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  timeout,
  TimeoutStrategy,
  wrap,
  type IPolicy,
} from 'cockatiel';
import { AppError } from '#libs/errors/app-error';
import { fileOf } from '#libs/snapshot/snapshot-state';
import { SnapshotRefusedError } from '#libs/snapshot/world';
import type { ParsedName } from '#libs/release-name/parsed-name';
import type {
  AliasAnswer,
  AliasSearch,
  IndexEntry,
  PageRead,
  RecommendedSite,
  RecommendedWork,
  RulesPackage,
  SitePage,
  SiteQuestion,
  SiteRequest,
} from '../answers.js';
import type { Api } from '../api/api.js';
import { ApiError } from '../api/api-error.js';
import type { Offline, OfflineAnswer, SearchWish } from '../offline/offline.js';
import { readPage, requestsFor } from '../offline/site-rules.js';
import { MALFORMED } from './answer-shapes.js';
import { believedRules } from './believed-rules.js';
import { Cloud } from './cloud.js';

/**
 * Why the cloud did not answer: not in time, not at all, with something else, not asked since it has failed of late, not for this token,
 * or with rules that cannot be believed.
 */
export type Because = 'too_late' | 'unreachable' | 'malformed' | 'circuit_open' | 'unauthorized' | 'refused';

/** As long as a pointer is believed to be the newest: rules that were taken back are gone after it. */
const RULES_STAY_MS = 120_000;

export type HybridAnswer<T> = { answer: T; by: 'cloud' } | (OfflineAnswer<T> & { because: Because });

export interface HybridOptions {
  /** How long the cloud may take for one answer; 800 ms when absent. */
  budget_ms?: number | undefined;
  /** After so many failures in a row the cloud is left alone; 3 when absent. */
  failures?: number | undefined;
  /** For so long, after which one question tries it again; 30 s when absent. */
  pause_ms?: number | undefined;
  /** A random name that this installation keeps: with one it may be among those that try new rules before all others. */
  client_id?: string | undefined;
}

/**
 * Asks the cloud first and the snapshot when that does not answer in time, and says which of the two it was. What the cloud says is
 * not there, is not there; when the snapshot has no answer either, the failure of the cloud is what is told.
 */
export class Hybrid {
  private readonly cloud: Cloud;
  private readonly policy: IPolicy;
  private recent: { rules: HybridAnswer<RulesPackage>; at: number } | undefined;

  /** With a token, as `connect` takes it, the centre names the person's own sites. */
  constructor(
    api: Api,
    private readonly offline: Offline,
    { budget_ms = 800, failures = 3, pause_ms = 30_000, client_id }: HybridOptions = {},
  ) {
    this.cloud = new Cloud(api, client_id);
    const breaker = circuitBreaker(
      handleWhen((error) => !isAnswer(error)),
      {
        halfOpenAfter: pause_ms,
        breaker: new ConsecutiveBreaker(failures),
      },
    );
    this.policy = wrap(breaker, timeout(budget_ms, TimeoutStrategy.Aggressive));
  }

  parse(name: string): ParsedName {
    return this.offline.parse(name);
  }

  resolve(text: string): Promise<HybridAnswer<AliasAnswer>> {
    return this.either(
      (signal) => this.cloud.resolve(text, signal),
      () => this.offline.resolve(text),
    );
  }

  search(text: string, wish: SearchWish = {}): Promise<HybridAnswer<AliasSearch>> {
    return this.either(
      (signal) => this.cloud.search(text, wish, signal),
      () => this.offline.search(text, wish),
    );
  }

  sites(release_key: string): Promise<HybridAnswer<IndexEntry>> {
    return this.either(
      (signal) => this.cloud.sites(release_key, signal),
      () => this.offline.sites(release_key),
    );
  }

  /** The rules for this installation, those on trial with it among them; signed as those of a snapshot, else the snapshot's answer. */
  async rules(): Promise<HybridAnswer<RulesPackage>> {
    const { snapshots } = this.offline;
    const held = (await snapshots.open(['rules']))?.get('rules');
    const sha256 = held && fileOf(held.manifest, 'rules')!.sha256;
    return this.answered(
      async () => {
        const given = await this.asked((signal) => this.cloud.rules(sha256, signal));
        return given ? believedRules(given, snapshots) : (await this.offline.rules()).answer;
      },
      () => this.offline.rules(),
    );
  }

  /** As `Offline` does it, by the rules that are on trial here too; these are asked for every two minutes. */
  async requestsFor(site: string, question: SiteQuestion): Promise<HybridAnswer<SiteRequest[]>> {
    const { answer: rules, ...rest } = await this.recentRules();
    return { answer: await requestsFor(rules, site, question, this.now()), ...rest };
  }

  /** As `Offline` does it, by the rules that are on trial here too; these are asked for every two minutes. */
  async readPage(site: string, page: SitePage): Promise<HybridAnswer<PageRead>> {
    const { answer: rules, ...rest } = await this.recentRules();
    return { answer: await readPage(rules, site, page, this.now()), ...rest };
  }

  recommendSites(release_key: string, limit = 10): Promise<HybridAnswer<RecommendedSite[]>> {
    return this.either(
      (signal) => this.cloud.recommendSites(release_key, limit, signal),
      () => this.offline.recommendSites(release_key, limit),
    );
  }

  similar(release_key: string, limit = 10): Promise<HybridAnswer<RecommendedWork[]>> {
    return this.either(
      (signal) => this.cloud.similar(release_key, limit, signal),
      () => this.offline.similar(release_key, limit),
    );
  }

  trending(limit = 10): Promise<HybridAnswer<RecommendedWork[]>> {
    return this.either(
      (signal) => this.cloud.trending(limit, signal),
      () => this.offline.trending(limit),
    );
  }

  /** Always offline: what a person has seen is told to nobody. */
  forHistory(history: readonly string[], limit = 10): Promise<OfflineAnswer<RecommendedWork[]>> {
    return this.offline.forHistory(history, limit);
  }

  private now(): Date {
    return this.offline.snapshots.clock.now();
  }

  private async recentRules(): Promise<HybridAnswer<RulesPackage>> {
    const age = this.now().getTime() - (this.recent?.at ?? -Infinity);
    if (this.recent && age >= 0 && age < RULES_STAY_MS) return this.recent.rules;
    const rules = await this.rules();
    this.recent = rules.by === 'cloud' ? { rules, at: this.now().getTime() } : undefined;
    return rules;
  }

  private either<T>(
    online: (signal: AbortSignal) => Promise<T>,
    offline: () => Promise<OfflineAnswer<T>>,
  ): Promise<HybridAnswer<T>> {
    return this.answered(() => this.asked(online), offline);
  }

  /** Within the budget, and counted by the circuit breaker. */
  private asked<T>(online: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.policy.execute(({ signal }) => online(signal));
  }

  private async answered<T>(
    online: () => Promise<T>,
    offline: () => Promise<OfflineAnswer<T>>,
  ): Promise<HybridAnswer<T>> {
    try {
      return { answer: await online(), by: 'cloud' };
    } catch (error) {
      if (isAnswer(error)) throw error;
      const held = await offline().catch((none: unknown) => {
        const nothingHere = none instanceof AppError && none.code === 'unavailable';
        throw nothingHere ? failureOf(error) : none;
      });
      return { ...held, because: becauseOf(error) };
    }
  }
}

/** Whether the cloud itself has answered, if only that there is no such thing; a proxy without a cloud behind it says so too. */
const isAnswer = (error: unknown) =>
  error instanceof AppError &&
  ['invalid', 'not_found', 'conflict'].includes(error.code) &&
  (!(error instanceof ApiError) || error.by_platform);

function becauseOf(error: unknown): Because {
  if (error instanceof BrokenCircuitError) return 'circuit_open';
  if (error instanceof AppError && (error.details as { reason?: unknown } | undefined)?.reason === MALFORMED)
    return MALFORMED;
  if (error instanceof SnapshotRefusedError) return 'refused';
  if (error instanceof AppError) return error.code === 'unauthorized' ? 'unauthorized' : 'unreachable';
  return 'too_late';
}

function failureOf(error: unknown): AppError | SnapshotRefusedError {
  if (error instanceof AppError || error instanceof SnapshotRefusedError) return error;
  const why = error instanceof BrokenCircuitError ? 'is left alone after it failed' : 'did not answer in time';
  return new AppError('unavailable', `The cloud ${why}, and there is no snapshot here.`, undefined, { cause: error });
}
