import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { packageRoot } from '#libs/config/package-root';
import { renderMetrics, startProcessMetrics } from '#libs/observability/metrics';
import { ruleGroups, type Rule, type RuleGroup } from '../../scripts/chart/alerts.js';
import { dashboards } from '../../scripts/chart/dashboards.js';
import { findProgram } from '../../scripts/backing-services/programs.js';
import { render } from './rendered.js';

const run = promisify(execFile);
const rules = Object.values(ruleGroups()).flatMap((groups) => groups.flatMap((group) => group.rules));
const alerts = rules.filter((rule): rule is Extract<Rule, { alert: string }> => 'alert' in rule);

interface Drawn {
  id: number;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string };
  fieldConfig: { defaults: { unit: string } };
  targets: { expr: string; refId: string }[];
}
const panels = Object.entries(dashboards()).flatMap(([name, board]) =>
  (board.panels as Drawn[]).map((panel) => ({ name, panel })),
);
const expressions = [
  ...rules.map((rule) => ('alert' in rule ? [rule.alert, rule.expr] : [rule.record, rule.expr])),
  ...panels.flatMap(({ name, panel }) => panel.targets.map(({ expr }) => [`${name}: ${panel.title}`, expr])),
].map(([where, expr]) => [where as string, filledIn(expr as string)] as const);

/** What Grafana and the chart put in before Prometheus sees an expression. */
function filledIn(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('ERROR_BUDGET', '0.001')
    .replaceAll('SLOW_BUDGET', '0.01')
    .replaceAll('LATENCY_S', '0.5');
}

test.each(expressions)('%s asks something that Prometheus understands', async (_where, expr) => {
  const { parser } = await promql();
  const faults: string[] = [];
  parser.parse(expr).iterate({
    enter: (node: { type: { isError: boolean }; from: number }) => {
      if (node.type.isError) faults.push(expr.slice(node.from, node.from + 20));
    },
  });
  expect(faults).toEqual([]);
});

test('every figure that a panel or an alert names is one that our processes show, or that an alert records', async () => {
  startProcessMetrics();
  const { body } = await renderMetrics();
  const shown = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' || type === 'summary'
      ? ['', '_bucket', '_count', '_sum'].map((end) => `${name}${end}`)
      : [name],
  );
  const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []));
  const known = new Set([...shown, ...recorded, 'up']);
  const { parser } = await promql();
  for (const [where, expr] of expressions) {
    const names: string[] = [];
    parser.parse(expr).iterate({
      enter: (node: { name: string; from: number; to: number }) => {
        if (node.name === 'Identifier') names.push(expr.slice(node.from, node.to));
      },
    });
    expect([where, names.filter((name) => !known.has(name))]).toEqual([where, []]);
  }
});

test('every alert has a page that says what to do, and every page an alert that leads to it', () => {
  const pages = new Set(alerts.map(({ annotations }) => annotations.runbook_url.replace('RUNBOOKS/', '')));
  for (const page of pages) {
    const path = join(packageRoot(), 'docs', 'runbooks', page);
    expect([page, existsSync(path)]).toEqual([page, true]);
    const text = readFileSync(path, 'utf8');
    for (const part of ['## What it means', '## Look', '## Act'])
      expect([page, text]).toEqual([page, expect.stringContaining(part)]);
    for (const { alert, annotations } of alerts)
      if (annotations.runbook_url.endsWith(`/${page}`))
        expect([page, text]).toEqual([page, expect.stringContaining(alert)]);
  }
});

test('panels do not overlap, each has a unit, and every dashboard lets its data source be chosen', () => {
  for (const [name, board] of Object.entries(dashboards())) {
    const drawn = board.panels as Drawn[];
    expect(new Set(drawn.map(({ id }) => id)).size).toBe(drawn.length);
    const taken = new Set<string>();
    for (const { gridPos, fieldConfig, datasource, targets } of drawn) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([name, taken.has(`${x},${y}`)]).toEqual([name, false]);
          taken.add(`${x},${y}`);
        }
      expect([name, datasource.uid, fieldConfig.defaults.unit]).toEqual([name, '${datasource}', expect.any(String)]);
      expect(targets.length).toBeGreaterThan(0);
    }
  }
  const uids = Object.values(dashboards()).map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(uids.length);
});

test('the chart fills in the promises of its values', async () => {
  const objects = await render([
    '--set',
    'metrics.rules.enabled=true',
    '--set-json',
    'metrics.slo={"availability":99.5,"latencyMs":250}',
  ]);
  const { groups } = objects.find(({ kind }) => kind === 'PrometheusRule')!.spec as { groups: RuleGroup[] };
  const text = JSON.stringify(groups);
  expect(text).not.toMatch(/ERROR_BUDGET|SLOW_BUDGET|LATENCY_S|RUNBOOKS/);
  expect(text).toContain('(14.4 * 0.005)');
  expect(text).toContain('le=\\"0.25\\"');
  expect(groups.flatMap((group) => group.rules)).toHaveLength(rules.length);
});

describe('with Prometheus itself', () => {
  const promtool = findProgram('promtool');
  const folder = join(packageRoot(), '.cache', 'chart');
  let file: string;
  beforeAll(async () => {
    if (promtool === undefined)
      throw new Error('promtool is not there: apt-get install prometheus, or run npm test as root.');
    mkdirSync(folder, { recursive: true });
    const objects = await render(['--set', 'metrics.rules.enabled=true']);
    file = join(folder, 'rules.yaml');
    writeFileSync(file, stringify(objects.find(({ kind }) => kind === 'PrometheusRule')!.spec));
  });

  test('the rules are sound, their types included', async () => {
    const panelRules = panels.flatMap(({ name, panel }) =>
      panel.targets.map(({ expr, refId }) => ({
        record: `panel:${name}_${panel.id}_${refId}`.replace(/\W/g, '_'),
        expr: filledIn(expr),
      })),
    );
    const asRules = join(folder, 'panels.yaml');
    writeFileSync(asRules, stringify({ groups: [{ name: 'panels', rules: panelRules }] }));
    expect((await run(promtool!, ['check', 'rules', file, asRules])).stdout).toContain(
      `SUCCESS: ${rules.length} rules found`,
    );
  });

  test('alerts fire when they should, and only then', async () => {
    const http = 'evidverse_http_request_duration_seconds';
    const fine = (status: string, each: string) => ({ series: `${http}_count{status="${status}"}`, values: each });
    const firing = (alertname: string, severity: string, more: Record<string, string> = {}) => ({
      eval_time: '90m',
      alertname,
      exp_alerts: [{ exp_labels: { severity, ...more } }],
    });
    const quiet = (alertname: string) => ({ eval_time: '90m', alertname, exp_alerts: [] });
    const stories = [
      {
        // One request in twenty fails: fifty times the budget of 99.9 %.
        input_series: [fine('200', '0+95x100'), fine('503', '0+5x100')],
        alert_rule_test: [firing('EvidverseErrorsBudgetBurnsFast', 'page'), quiet('EvidverseLatencyBudgetBurnsFast')],
      },
      {
        // One in ten thousand fails, and all are fast.
        input_series: [
          fine('200', '0+9999x100'),
          fine('503', '0+1x100'),
          { series: `${http}_bucket{le="0.5",status="200"}`, values: '0+9999x100' },
        ],
        alert_rule_test: [quiet('EvidverseErrorsBudgetBurnsFast'), quiet('EvidverseErrorsBudgetBurnsSlowly')],
      },
      {
        // A third takes longer than half a second.
        input_series: [
          fine('200', '0+90x100'),
          { series: `${http}_bucket{le="0.5",status="200"}`, values: '0+60x100' },
        ],
        alert_rule_test: [firing('EvidverseLatencyBudgetBurnsFast', 'page'), quiet('EvidverseErrorsBudgetBurnsFast')],
      },
      {
        input_series: [
          { series: 'evidverse_outbox_rows{service="projects"}', values: '500x100' },
          { series: 'evidverse_outbox_rows{service="media"}', values: '0x100' },
          { series: 'evidverse_queue_oldest_seconds{service="tasks"}', values: '1200x100' },
          { series: 'evidverse_database_pool_connections{service="intel",state="waiting"}', values: '3x100' },
          { series: 'evidverse_dead_letters_total{service="tasks",event="projects.deleted"}', values: '0x60 1x40' },
          { series: 'up{job="evidverse",instance="a"}', values: '1x80 0x20' },
        ],
        alert_rule_test: [
          firing('EvidverseOutboxStuck', 'page', { service: 'projects' }),
          firing('EvidverseQueueOld', 'ticket'),
          firing('EvidversePoolExhausted', 'page', { service: 'intel' }),
          firing('EvidverseDeadLetters', 'ticket', { service: 'tasks', event: 'projects.deleted' }),
          firing('EvidverseProcessDown', 'page', { job: 'evidverse', instance: 'a' }),
        ],
      },
    ];
    const withoutWords = stringifyRules(parse(readFileSync(file, 'utf8')) as { groups: RuleGroup[] });
    writeFileSync(join(folder, 'rules-without-words.yaml'), withoutWords);
    const tests = stories.map((story) => ({ interval: '1m', ...story }));
    const path = join(folder, 'stories.yaml');
    writeFileSync(path, stringify({ rule_files: ['rules-without-words.yaml'], evaluation_interval: '1m', tests }));
    const { stdout } = await run(promtool!, ['test', 'rules', path]).catch(
      (error: { stdout: string; stderr: string }) => ({
        stdout: error.stdout + error.stderr,
      }),
    );
    expect(stdout).toContain('SUCCESS');
  });
});

/** Annotations would have to be told word for word. */
const stringifyRules = ({ groups }: { groups: RuleGroup[] }): string =>
  stringify({
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ('alert' in rule ? { ...rule, annotations: undefined } : rule)),
    })),
  });

type Parser = { parser: { parse(text: string): { iterate(spec: object): void } } };
const promql = (): Promise<Parser> => Promise.resolve(jest.requireActual<Parser>('@prometheus-io/lezer-promql'));
