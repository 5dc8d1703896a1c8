import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** `local`: embedded parts, one machine, friendly defaults. `cloud`: everything by URL, nothing weak accepted. */
export const APP_MODES = ['local', 'cloud'] as const;
export type AppMode = (typeof APP_MODES)[number];

/** The settings of a process, by mode: what is only convenient in local mode is required in cloud mode. */
export type ConfigShape<Shape extends z.ZodRawShape = z.ZodRawShape> = (mode: AppMode) => Shape;
export type Config<Shape extends ConfigShape> = z.output<z.ZodObject<ReturnType<Shape>>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every wrong setting at once, each with its name and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly complaints: readonly string[]) {
    super(
      `The configuration is not usable:\n${complaints.map((line) => `  ${line}`).join('\n')}\nSee .env.example for every setting.`,
    );
  }
}

/**
 * Reads settings from an environment. Empty means unset; `NAME_FILE` gives the path of a file that holds `NAME`.
 * Throws ConfigError with every complaint at once.
 */
export function readConfig<Shape extends ConfigShape>(shape: Shape, environment: Environment): Config<Shape> {
  const mode = environment.APP_MODE === undefined || environment.APP_MODE === '' ? 'local' : environment.APP_MODE;
  const known = APP_MODES.find((candidate) => candidate === mode);
  const fields = { ...shape(known ?? 'cloud'), APP_MODE: z.literal(APP_MODES).default('local') };
  const complaints: string[] = [];
  const values = Object.fromEntries(Object.keys(fields).map((name) => [name, valueOf(name, environment, complaints)]));
  const parsed = z.object(fields).safeParse(values);
  if (!parsed.success)
    complaints.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${words(issue, values)}`));
  if (complaints.length > 0 || !parsed.success) throw new ConfigError([...new Set(complaints)]);
  return parsed.data as unknown as Config<Shape>;
}

function valueOf(name: string, environment: Environment, complaints: string[]): string | undefined {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  const path = environment[`${name}_FILE`];
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    complaints.push(`${name}_FILE: cannot be read (${(error as Error).message})`);
    return undefined;
  }
}

function words(issue: z.core.$ZodIssue, values: Record<string, string | undefined>): string {
  if (values[String(issue.path[0])] === undefined && issue.code === 'invalid_type') return 'is required';
  return issue.message;
}
