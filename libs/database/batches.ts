/** What a batcher is made of: the statement, and what two questions of one batch may not have in common. */
export interface BatchOptions<Question, Answer> {
  readonly run: (questions: readonly Question[]) => Promise<BatchAnswers<Answer>>;
  readonly keysOf: (question: Question) => readonly (string | number)[];
  /** Told the `now` of the answers, where they have one. */
  readonly onTime?: (now: number) => void;
  readonly most?: number;
  readonly inFlight?: number;
}

/** What a statement answered to the questions of its batch, in their order. */
export interface BatchAnswers<Answer> {
  readonly now?: number;
  readonly answers: readonly (Answer | null)[];
}

/**
 * Group commit at the level of statements: what is asked while a statement is under way goes into the next one. Nothing
 * waits for company. Questions with a key in common go into different batches, one after the other.
 */
export class Batches<Question, Answer> {
  private waiting: Waiting<Question, Answer>[] = [];
  private underway = 0;
  private isScheduled = false;

  constructor(private readonly options: BatchOptions<Question, Answer>) {}

  ask(question: Question): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      this.schedule();
    });
  }

  /** Statements are sent at the end of the turn, so that what one turn asks travels together. */
  private schedule(): void {
    if (this.isScheduled || this.underway >= (this.options.inFlight ?? 2)) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      while (this.waiting.length > 0 && this.underway < (this.options.inFlight ?? 2)) this.send(this.take());
    });
  }

  private take(): Waiting<Question, Answer>[] {
    const { most = 256, keysOf } = this.options;
    const taken: Waiting<Question, Answer>[] = [];
    const left: Waiting<Question, Answer>[] = [];
    const used = new Set<string | number>();
    for (const one of this.waiting) {
      const keys = keysOf(one.question);
      if (taken.length >= most || keys.some((key) => used.has(key))) left.push(one);
      else {
        taken.push(one);
        for (const key of keys) used.add(key);
      }
    }
    this.waiting = left;
    return taken;
  }

  private send(batch: Waiting<Question, Answer>[]): void {
    this.underway++;
    this.options
      .run(batch.map(({ question }) => question))
      .then(
        ({ now, answers }) => {
          if (now !== undefined) this.options.onTime?.(now);
          batch.forEach(({ resolve }, at) => resolve(answers[at] ?? null));
        },
        (error: unknown) => this.onFailure(batch, error),
      )
      .finally(() => {
        this.underway--;
        if (this.waiting.length > 0) this.schedule();
      });
  }

  /** One that cannot be carried out must not hurt its neighbours: what the database refused is asked again one by one. */
  private onFailure(batch: Waiting<Question, Answer>[], error: unknown): void {
    const isData = /^(21|22|23)/.test(String((error as { code?: unknown }).code ?? ''));
    if (batch.length === 1 || !isData) for (const { reject } of batch) reject(error);
    else for (const one of batch) this.send([one]);
  }
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: unknown) => void;
}
