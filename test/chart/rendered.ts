import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '#libs/config/package-root';
import { helm, helmTools } from '../../scripts/chart/helm.js';

/** A Kubernetes object, as far as tests look into it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a manifest is whatever its kind says
  [part: string]: any;
}

export const CHART = join(packageRoot(), 'helm', 'evidverse');

/** Sets of values that people install with, each with what its author must give. */
export const PROFILES: Readonly<Record<string, readonly string[]>> = {
  default: [],
  dev: ['-f', join(CHART, 'values-dev.yaml')],
  production: [
    '-f',
    join(CHART, 'values-production.yaml'),
    ...['api', 'mesh', 'intel', 'snap'].flatMap((door) => ['--set', `hosts.${door}=${door}.example.org`]),
    ...['--set', 'ingress.className=nginx,ingress.tls=evidverse-tls'],
    ...['--set', `image.digest=sha256:${'ab'.repeat(32)}`],
  ],
  everything: [
    ...['--set', 'hosts.api=api.example.org,httpRoute.enabled=true,httpRoute.parentRefs[0].name=public'],
    ...['--set', 'externalSecrets.enabled=true,externalSecrets.storeRef.name=vault'],
    ...['--set', 'externalSecrets.data.DATABASE_URL=evidverse/database'],
    ...['--set', 'services.tasks-worker.keda.enabled=true'],
    ...['--set', 'services.tasks-worker.keda.prometheusUrl=http://prometheus:9090'],
    ...['--set', 'metrics.monitors.enabled=true,metrics.rules.enabled=true,metrics.dashboards.enabled=true'],
    ...['--set', 'tracing.endpoint=http://collector:4318,migrate.mode=job'],
  ],
};

/** What a Helm makes of the chart with these arguments; its complaint as an Error. */
export async function render(args: readonly string[], version: 'helm3' | 'helm4' = 'helm4'): Promise<KubeObject[]> {
  const tools = await helmTools();
  const text = await helm(tools[version], 'template', 'evidverse', CHART, '--namespace', 'evidverse', ...args);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}
