import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { packageRoot } from '#libs/config/package-root';
import type { KubeObject } from './rendered.js';
import { unknownFields } from './strict-types.js';

const folder = join(packageRoot(), 'k8s');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kind.yaml');
const manifests = files.map((file) => ({
  file,
  objects: parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as KubeObject),
}));
/** Kinds of operators that publish no models; their fields are the operators' own to check. */
const WITHOUT_MODEL = ['rabbitmq.com', 'barmancloud.cnpg.io'];
const known = manifests
  .flatMap(({ objects }) => objects)
  .filter(({ apiVersion }) => !WITHOUT_MODEL.includes(apiVersion.split('/')[0] as string));

test('every manifest is valid, and has no field that its kind does not know', async () => {
  const script = join(packageRoot(), 'test', 'chart', 'validate.mjs');
  const input = known.map((object) => JSON.stringify(object)).join('\n');
  expect(known.length).toBeGreaterThan(8);
  expect(execFileSync(process.execPath, [script], { input, encoding: 'utf8', cwd: packageRoot() })).toBe('');
  expect(await unknownFields(known)).toBe('');
});

test('every manifest says in two lines why it is there, and the README names it', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const file of [...files, 'kind.yaml']) {
    expect(readFileSync(join(folder, file), 'utf8')).toMatch(/^# .+\n# .+\n/);
    expect(readme).toContain(`\`${file}\``);
  }
});

test('the Secret that people copy has every key that the chart reads', () => {
  const [secret] = manifests.find(({ file }) => file === 'secret.example.yaml')!.objects;
  const values = parse(readFileSync(join(packageRoot(), 'helm', 'evidverse', 'values.yaml'), 'utf8')) as {
    secrets: { keys: string[] };
  };
  expect(Object.keys(secret!.stringData as object)).toEqual(expect.arrayContaining(values.secrets.keys));
});

test('the workflows call commands and files that are there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  for (const file of readdirSync('.github/workflows')) {
    const text = readFileSync(join('.github/workflows', file), 'utf8');
    const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string; uses?: string }[] }> };
    for (const { steps } of Object.values(jobs)) for (const step of steps) expect(step.run ?? step.uses).toBeDefined();
    for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name as string]);
    for (const [path] of text.matchAll(/(?:helm\/evidverse|k8s)[\w./-]*\w|\.ci\/run/g))
      expect([path, existsSync(path)]).toEqual([path, true]);
  }
});
