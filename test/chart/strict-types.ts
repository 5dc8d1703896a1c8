import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import type { KubeObject } from './rendered.js';

const PACKAGES: Record<string, string> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
  'keda.sh': '@kubernetes-models/keda',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'external-secrets.io': '@kubernetes-models/external-secrets',
};

/**
 * What the compiler says against objects written as literals of their types: it finds fields that no schema knows
 * (`imagePullPolice`), which the schemas themselves let pass.
 */
export async function unknownFields(objects: readonly KubeObject[]): Promise<string> {
  const cache = join(packageRoot(), '.cache', 'chart');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'types-')); // its own: two test files ask at once
  const file = join(folder, 'objects.ts');
  const lines = objects.map((object, at) => {
    const from = PACKAGES[object.apiVersion.split('/')[0] as string] ?? 'kubernetes-models';
    const type = `I${object.kind}`;
    return [
      `import type { ${type} as T${at} } from '${from}/${object.apiVersion}/${object.kind}';`,
      `export const o${at}: T${at} = ${JSON.stringify(object)};`,
    ].join('\n');
  });
  writeFileSync(file, lines.join('\n'));
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    file,
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, [join(packageRoot(), 'node_modules/typescript/bin/tsc'), ...flags], (_error, stdout) => {
      rmSync(folder, { recursive: true });
      resolve(stdout);
    });
  });
}
