import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '#libs/config/package-root';
import { generatedFiles } from '../../scripts/chart/generated-files.js';
import { helm, helmTools } from '../../scripts/chart/helm.js';
import { unknownFields } from './strict-types.js';
import { CHART, PROFILES, render, type KubeObject } from './rendered.js';

test('the schema, the dashboards and the alerts are as the code writes them (npm run chart)', () => {
  for (const [path, text] of Object.entries(generatedFiles()))
    expect([path, readFileSync(join(CHART, path), 'utf8')]).toEqual([path, text]);
});

test.each(['helm3', 'helm4'] as const)('%s finds nothing wrong with the chart, and packages it', async (version) => {
  const tools = await helmTools();
  expect(await helm(tools[version], 'lint', CHART, '--strict')).toContain('0 chart(s) failed');
  const packages = join(packageRoot(), '.cache', 'chart');
  expect(await helm(tools[version], 'package', CHART, '-d', packages)).toContain('evidverse-');
});

describe.each(Object.entries(PROFILES))('the %s profile', (profile, args) => {
  let objects: KubeObject[];
  beforeAll(async () => {
    objects = await render(args);
  });

  test('is the same for both Helms', async () => {
    expect(await render(args, 'helm3').then(withoutChance)).toEqual(withoutChance(objects));
  });

  test('is what was reviewed last (UPDATE_GOLDEN=1 npm run jest -- test/chart writes it anew)', () => {
    const path = join(packageRoot(), 'test', 'chart', 'golden', `${profile}.yaml`);
    const shown = withoutChance(objects)
      .filter(({ metadata }) => !metadata.name.includes('-dashboard-'))
      .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }));
    const text = shown.join('---\n');
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
    expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
  });

  test('holds valid objects of Kubernetes and of the operators it speaks to', () => {
    const script = join(packageRoot(), 'test', 'chart', 'validate.mjs');
    const input = objects.map((object) => JSON.stringify(object)).join('\n');
    expect(execFileSync(process.execPath, [script], { input, encoding: 'utf8', cwd: packageRoot() })).toBe('');
  });

  test('has no two objects of one name', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

/** Passwords made by chance are not what a review looks at. */
function withoutChance(objects: KubeObject[]): KubeObject[] {
  return JSON.parse(
    JSON.stringify(objects, (key, value: unknown) => (key === 'stringData' ? '(made by chance)' : value)),
  ) as KubeObject[];
}

test('no object has a field that its kind does not know', async () => {
  const all = await Promise.all(Object.values(PROFILES).map((args) => render(args)));
  expect(await unknownFields(all.flat().filter(({ kind }) => kind !== 'ConfigMap'))).toBe('');
  const misspelt = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { prots: [] } };
  expect(await unknownFields([misspelt])).toContain('prots');
});

describe('values that cannot work', () => {
  test.each([
    ['a misspelled key', 'imgae.tag=1', /imgae/],
    ['a replica count in words', 'services.gateway.replicas=two', /services.*replicas|got string/s],
    ['a secret among the settings', 'settings.DATABASE_URL=postgres://x', /DATABASE_URL|propert/],
    ['a digest that is none', 'image.digest=latest', /image\.digest is no digest/],
    ['no Secret and no parts of its own', 'secrets.name=', /secrets\.name is empty/],
    ['a migration before its database', 'dev.enabled=true', /migrate\.mode=job/],
    ['an ingress without a host', 'ingress.enabled=true', /hosts\.api is empty/],
    ['routes without a gateway', 'httpRoute.enabled=true,hosts.api=a.example.org', /parentRefs is empty/],
    ['two masters of the replicas', 'services.gateway.keda.enabled=true', /autoscaling and keda/],
    ['queue scaling without Prometheus', 'services.tasks-worker.keda.enabled=true', /prometheusUrl is empty/],
    ['an unknown neighbour', 'services.gateway.needs[0]=mainframe', /knows no mainframe/],
    ['external secrets from nowhere', 'externalSecrets.enabled=true', /storeRef\.name is empty/],
    ['a promise of perfection', 'metrics.slo.availability=100', /availability/],
    ['a schedule that is none', 'snapshots.schedule=hourly', /schedule/],
    ['pages without their service', 'hosts.app=app.example.org', /services\.web is not there/],
  ])('%s is refused, saying which', async (_what, value, words) => {
    await expect(render(['--set', value])).rejects.toThrow(words);
  });

  test('all of them are told at once', async () => {
    const both = render(['--set', 'image.digest=latest,ingress.enabled=true']);
    await expect(both).rejects.toThrow(/hosts\.api is empty[\s\S]*image\.digest is no digest/);
  });

  test('as a part of another chart, what Helm adds by itself is taken', async () => {
    await expect(render(['--set', 'enabled=true,global.imageRegistry=mirror.example.org'])).resolves.toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'Deployment' })]),
    );
  });
});
