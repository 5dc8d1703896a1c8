import { AppError } from '#libs/errors/app-error';
import { parseReleaseName } from '#libs/release-name/parse-release-name';
import type { ParsedName } from '#libs/release-name/parsed-name';
import type { HeldFile } from '#libs/snapshot/open-snapshot';
import { DamagedFileError } from '#libs/snapshot/world';
import type { Explanation } from '#libs/titles/title-index';
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
import type { SnapshotAge, Snapshots } from '../snapshots/snapshots.js';
import { Brain } from './brain.js';
import { SiteLists } from './site-lists.js';
import { readPage, requestsFor } from './site-rules.js';

/** An answer out of the snapshot that is held, with how old that is. */
export interface OfflineAnswer<T> {
  answer: T;
  by: 'offline';
  snapshot: SnapshotAge;
}

export interface SearchWish {
  limit?: number;
  type?: string;
  year?: number;
}

export interface OfflineOptions {
  /** The sites the person is on; when given, no others are ever named. */
  sites?: readonly string[] | undefined;
}

/**
 * Answers everything from the snapshot that is held, without a network and whatever its age. The first answer opens it, the next
 * ones take microseconds; after an update of the same `Snapshots` the new one answers. Without a snapshot it is `unavailable`.
 */
export class Offline {
  private opened: Opened | undefined;
  private lists: Promise<SiteLists> | undefined;
  /** Whether a file has been found damaged while it was read. */
  private isSpoiled = false;
  /** The snapshot that answers. */
  private answering: number | undefined;

  constructor(
    readonly snapshots: Snapshots,
    private readonly options: OfflineOptions = {},
  ) {
    snapshots.onSync((seq) => {
      if (this.answering === seq && !this.isSpoiled) return;
      this.isSpoiled = false;
      this.opened = undefined;
      this.lists = undefined;
    });
  }

  /** What a release name says; needs no snapshot. */
  parse(name: string): ParsedName {
    return parseReleaseName(name);
  }

  /** The work that a title or release name surely means, or an empty object. */
  resolve(text: string): Promise<OfflineAnswer<AliasAnswer>> {
    return this.answered((brain) => brain.resolve(text));
  }

  /** How a title was taken apart, and every work that came into question. */
  explain(text: string): Promise<OfflineAnswer<Explanation>> {
    return this.answered((brain) => brain.explain(text));
  }

  /** Works called like this, best first. */
  search(text: string, wish: SearchWish = {}): Promise<OfflineAnswer<AliasSearch>> {
    return this.answered((brain) => brain.search(text, wish));
  }

  /** The sites that have a work. */
  sites(release_key: string): Promise<OfflineAnswer<IndexEntry>> {
    return this.answered((brain) => brain.sites(release_key));
  }

  /** Sites to look for a work on, with the reason. */
  recommendSites(release_key: string, limit = 10): Promise<OfflineAnswer<RecommendedSite[]>> {
    return this.answered((brain) => brain.recommendSites(release_key, limit, this.snapshots.clock.now()));
  }

  /** Works near to one, with the reason. */
  similar(release_key: string, limit = 10): Promise<OfflineAnswer<RecommendedWork[]>> {
    return this.answered((brain) => brain.similar(release_key, limit));
  }

  /** Works seen most in the week before the snapshot was made. */
  trending(limit = 10): Promise<OfflineAnswer<RecommendedWork[]>> {
    return this.answered((brain, { generated_at }) => brain.trending(limit, new Date(generated_at)));
  }

  /** Works near to those a person liked, by their keys. There is no such question to the cloud: a history stays here. */
  forHistory(history: readonly string[], limit = 10): Promise<OfflineAnswer<RecommendedWork[]>> {
    return this.answered((brain) => brain.forHistory(history, limit));
  }

  /** The rules by which sites are read. */
  async rules(): Promise<OfflineAnswer<RulesPackage>> {
    const file = (await this.snapshots.open(['rules']))?.get('rules');
    if (!file) return this.answered(() => ({ version: 0, rules: [] }));
    const answer = JSON.parse(new TextDecoder().decode(file.bytes)) as RulesPackage;
    return { answer, by: 'offline', snapshot: this.snapshots.ageOf(file.manifest) };
  }

  /**
   * What is sent to a site to search it by its rules: addresses, headers and forms, to no host but the site's. What the settings say,
   * secrets among them, stays with the caller.
   */
  async requestsFor(site: string, question: SiteQuestion): Promise<OfflineAnswer<SiteRequest[]>> {
    const { answer: rules, ...rest } = await this.rules();
    return { answer: await requestsFor(rules, site, question, this.snapshots.clock.now()), ...rest };
  }

  /** Reads a page of a site by its rules: a row for each entry of a list, one of anything else. */
  async readPage(site: string, page: SitePage): Promise<OfflineAnswer<PageRead>> {
    const { answer: rules, ...rest } = await this.rules();
    return { answer: await readPage(rules, site, page, this.snapshots.clock.now()), ...rest };
  }

  private async answered<T>(ask: (brain: Brain, age: SnapshotAge) => T | Promise<T>): Promise<OfflineAnswer<T>> {
    const used = (this.opened ??= this.open());
    try {
      const { brain, manifest } = await used.files;
      const snapshot = this.snapshots.ageOf(manifest);
      return { answer: await ask(brain, snapshot), by: 'offline', snapshot };
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      // Where another question has found the damage first, or another snapshot has come since, that one is asked.
      if (this.opened === used) {
        this.opened = undefined;
        if (!used.byPlace) throw error;
        // From now on everything is checked before it is opened, and the generation before this one answers if that is needed.
        this.isSpoiled = true;
      }
      return this.answered(ask);
    }
  }

  private open(): Opened {
    const byPlace = !this.isSpoiled;
    const opened: Opened = { byPlace, files: this.openFiles(byPlace) };
    opened.files.catch((error: unknown) => {
      if (this.opened === opened && !(error instanceof DamagedFileError)) this.opened = undefined;
    });
    return opened;
  }

  private async openFiles(byPlace: boolean) {
    const files = await this.snapshots.open(['titles', 'recent', 'works'], { byPlace });
    if (!files) {
      const of = this.snapshots.host === undefined ? '' : ` of ${this.snapshots.host}`;
      throw new AppError('unavailable', `There is no snapshot${of} here yet. Sync once; then no network is needed.`);
    }
    const brain = new Brain(files, () => (this.lists ??= this.openLists()));
    const { manifest } = files.get('titles')!;
    this.answering = manifest.seq;
    return { brain, manifest };
  }

  private async openLists(): Promise<SiteLists> {
    const files = await this.snapshots.open(['index']);
    return new SiteLists(files?.get('index')!.bytes ?? new TextEncoder().encode('{}'), this.options.sites);
  }
}

/** What questions are asked of, and whether its large files are read by place. */
interface Opened {
  byPlace: boolean;
  files: Promise<{ brain: Brain; manifest: HeldFile['manifest'] }>;
}
