/** Why a command ends before it is done, with the exit code that says so. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(
    signal: NodeJS.Signals,
    readonly exitCode: number,
  ) {
    super(`interrupted by ${signal}`);
  }
}

/** Aborted with an Interrupted by Ctrl-C, SIGTERM or the end of the terminal; asked a second time, the process ends at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interrupted(name, exitCode));
    });
  return controller.signal;
}
