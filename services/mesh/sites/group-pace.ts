import { emissions } from '../domain/pacing.js';

/** Works out anew what a group's budgets allow, after its budgets, streams or pace have changed. */
export async function setPace(
  execute: (sql: string, values: unknown[]) => Promise<unknown>,
  group: number,
): Promise<void> {
  const [row] = (await execute('select per_hour, per_day, streams, pace from groups where id = $1', [group])) as {
    per_hour: number | null;
    per_day: number | null;
    streams: number;
    pace: number;
  }[];
  const { hour, day } = emissions(row!);
  await execute(
    'update groups set hour_emit_ms = $2, hour_tolerance_ms = $3, day_emit_ms = $4, day_tolerance_ms = $5 where id = $1',
    [group, hour.emitMs, hour.toleranceMs, day.emitMs, day.toleranceMs],
  );
}
