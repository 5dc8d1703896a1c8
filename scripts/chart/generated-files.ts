import { stringify } from 'yaml';
import { ruleGroups } from './alerts.js';
import { dashboards } from './dashboards.js';
import { valuesSchema } from './values-schema.js';

/** Every file of the chart that is written by a program, by its path in the chart. */
export function generatedFiles(): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'values.schema.json': json(valuesSchema()),
    ...Object.fromEntries(
      Object.entries(dashboards()).map(([name, value]) => [`dashboards/${name}.json`, json(value)]),
    ),
    ...Object.fromEntries(
      Object.entries(ruleGroups()).map(([name, groups]) => [
        `alerts/${name}.yaml`,
        stringify(groups, { lineWidth: 0, aliasDuplicateObjects: false }),
      ]),
    ),
  };
}
