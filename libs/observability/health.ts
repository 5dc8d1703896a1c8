/** A question a process asks itself before it says that it is ready; the answer is a reason when it is not. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<string | undefined>;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, string>;
}

/** Collects what a process depends on; `live` is only that the event loop turns. */
export class Health {
  private readonly checks: ReadinessCheck[] = [];
  private phase: 'starting' | 'running' | 'stopping' = 'starting';

  add(check: ReadinessCheck): void {
    this.checks.push(check);
  }

  /** It answers: from now on the checks decide. */
  start(): void {
    this.phase = 'running';
  }

  /** From now on not ready, whatever the checks say: a draining process gets no new work. */
  stop(): void {
    this.phase = 'stopping';
  }

  /** Takes over the checks of another process part, as one check under its name. */
  include(name: string, other: Health): void {
    this.add({
      name,
      check: async () => {
        const { ready, checks } = await other.readiness();
        const troubles = Object.entries(checks).filter(([, answer]) => answer !== 'ok');
        return ready ? undefined : troubles.map(([part, reason]) => `${part}: ${reason}`).join('; ');
      },
    });
  }

  async readiness(): Promise<Readiness> {
    const answers = await Promise.all(
      this.checks.map(async ({ name, check }) => [name, await within(2000, check)] as const),
    );
    const checks = Object.fromEntries(answers.map(([name, reason]) => [name, reason ?? 'ok']));
    if (this.phase !== 'running') checks.process = this.phase;
    return { ready: this.phase === 'running' && answers.every(([, reason]) => reason === undefined), checks };
  }
}

async function within(ms: number, check: () => Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${ms} ms`), ms);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
