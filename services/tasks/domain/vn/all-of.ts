const LONGEST = 300;

/** One condition that stands for all of these; it is cut where it would be too long to read. */
export function allOf(conditions: readonly (string | undefined)[]): string | undefined {
  const given = conditions.filter((condition) => condition !== undefined).map((condition) => cut(condition));
  return given.length === 0 ? undefined : cut(given.join(' && '));
}

function cut(condition: string): string {
  return condition.length <= LONGEST ? condition : `${condition.slice(0, LONGEST).toWellFormed()}…`;
}
