import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ConfigShape } from '#libs/config/read-config';
import { gateway } from '../../services/gateway/gateway.js';
import { intel } from '../../services/intel/service.js';
import { media } from '../../services/media/service.js';
import { mesh } from '../../services/mesh/service.js';
import { projects } from '../../services/projects/service.js';
import { tasks, tasksWorker } from '../../services/tasks/service.js';
import { SECRET } from '../../scripts/chart/values-schema.js';
import { CHART, PROFILES, render, type KubeObject } from './rendered.js';

/** Rules that kube-linter, kube-score, Polaris and the restricted pod security standard agree on. */
describe.each(Object.entries(PROFILES))('in the %s profile', (_profile, args) => {
  let objects: KubeObject[];
  let pods: { name: string; ours: boolean; template: KubeObject; of: KubeObject }[];
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  beforeAll(async () => {
    objects = await render(args);
    pods = objects.flatMap((object) => {
      const template = (
        object.kind === 'Pod' ? object : (object.spec?.jobTemplate?.spec?.template ?? object.spec?.template)
      ) as KubeObject | undefined;
      if (template?.spec?.containers === undefined) return [];
      return [
        { name: `${object.kind}/${object.metadata.name}`, ours: object.kind !== 'StatefulSet', template, of: object },
      ];
    });
  });

  test('every pod fits the restricted standard, and none asks for a user of a number', () => {
    expect(pods.length).toBeGreaterThan(8);
    for (const { name, ours, template } of pods) {
      const { securityContext, automountServiceAccountToken, containers, hostNetwork, volumes = [] } = template.spec;
      expect([name, securityContext]).toMatchObject([
        name,
        { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      ]);
      expect([name, automountServiceAccountToken, hostNetwork]).toEqual([name, false, undefined]);
      if (ours)
        expect([name, securityContext.runAsUser, securityContext.fsGroup]).toEqual([name, undefined, undefined]);
      for (const container of containers)
        expect([name, container.securityContext]).toMatchObject([
          name,
          {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            ...(ours && { readOnlyRootFilesystem: true }),
          },
        ]);
      for (const volume of volumes as Record<string, unknown>[])
        expect(['emptyDir', 'secret', 'configMap', 'persistentVolumeClaim']).toEqual(
          expect.arrayContaining(Object.keys(volume).filter((key) => key !== 'name')),
        );
    }
  });

  test('intel has a clock of its own beside the CronJob, slower than that, so that rules taken back do not wait for the hour', () => {
    expect(ofKind('CronJob').find(({ metadata }) => metadata.name.endsWith('-snapshots'))?.spec.schedule).toMatch(
      /^\d+ \* /,
    );
    const { template } = pods.find(({ name }) => /^Deployment\/.*-intel$/.test(name))!;
    const env = template.spec.containers[0].env as { name: string; value?: string }[];
    expect(Number(env.find(({ name }) => name === 'INTEL_SNAPSHOT_MINUTES')?.value)).toBeGreaterThan(60);
  });

  test('every container of ours says what it takes, and is not called latest', () => {
    for (const { name, template } of pods.filter(({ ours }) => ours))
      for (const { resources, image } of template.spec.containers) {
        expect([name, Object.keys(resources.requests).sort()]).toEqual([name, ['cpu', 'ephemeral-storage', 'memory']]);
        expect([name, Object.keys(resources.limits).sort()]).toEqual([name, ['cpu', 'ephemeral-storage', 'memory']]);
        expect(image).toMatch(/(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/);
      }
  });

  test('no password is in a variable of our processes, and every variable is there once', () => {
    for (const { name, template, ours } of pods.filter((pod) => pod.ours)) {
      const env = template.spec.containers[0].env as { name: string; value?: string; valueFrom?: unknown }[];
      const names = env.map((one) => one.name);
      expect([name, ours, names.filter((one, at) => names.indexOf(one) !== at)]).toEqual([name, true, []]);
      expect(env.filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([]);
      const readable = env.filter((one) => /(_URL|KEY|PASSWORD)$/.test(one.name)).map((one) => one.name);
      expect(
        readable.filter((one) => !['S3_ENDPOINT_URL', 'S3_PUBLIC_ENDPOINT_URL', 'PUBLIC_URL'].includes(one)),
      ).toEqual(name.includes('journey') ? ['EVIDVERSE_URL'] : []);
    }
  });

  test('starting, stuck and ready are three different questions', () => {
    for (const { template } of pods.filter(({ of }) => of.kind === 'Deployment')) {
      const { startupProbe, livenessProbe, readinessProbe, ports } = template.spec.containers[0];
      expect(livenessProbe.httpGet.path).toBe('/livez');
      expect(readinessProbe.httpGet.path).toBe('/readyz');
      expect(startupProbe.failureThreshold * startupProbe.periodSeconds).toBeGreaterThanOrEqual(60);
      for (const probe of [startupProbe, livenessProbe, readinessProbe])
        expect(ports.map((port: { name: string }) => port.name)).toContain(probe.httpGet.port);
    }
  });

  test('a rollout takes no pod away before its successor is ready', () => {
    for (const { spec } of ofKind('Deployment'))
      expect(spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });

  test('selectors find their pods, and nothing that can change selects', () => {
    for (const { metadata, spec } of [...ofKind('Deployment'), ...ofKind('StatefulSet')]) {
      expect([metadata.name, spec.template.metadata.labels]).toMatchObject([metadata.name, spec.selector.matchLabels]);
      expect(Object.keys(spec.selector.matchLabels as object)).not.toContain('app.kubernetes.io/version');
    }
    for (const { metadata, spec } of ofKind('Service')) {
      const found = pods.filter(({ template }) => matches(template.metadata.labels ?? {}, spec.selector));
      expect([metadata.name, found.length]).toEqual([metadata.name, 1]);
      const ports = found[0]!.template.spec.containers[0].ports as { name: string; containerPort: number }[];
      for (const { targetPort, protocol } of spec.ports) {
        expect(ports.flatMap(({ name, containerPort }) => [name, containerPort])).toContain(targetPort);
        expect(protocol).toBe('TCP');
      }
    }
  });

  test('workers of the mesh are led straight to its door, and everybody else to the gateway', () => {
    for (const { spec } of ofKind('Ingress'))
      for (const { host, http } of spec.rules) {
        const ways = Object.fromEntries(
          http.paths.map(({ path, backend }: KubeObject) => [path, backend.service.name.replace(/^.*-/, '')]),
        );
        const direct = { '/v1/worker': 'mesh', '/v1/jobs/lease': 'mesh', '/v1/jobs/finish': 'mesh' };
        expect([host, ways]).toEqual([host, { '/': 'gateway', ...(host.startsWith('mesh.') && direct) }]);
      }
  });

  test('every process of ours is behind a network policy that closes both ways', () => {
    for (const { name, template } of pods.filter(({ ours }) => ours)) {
      const policies = ofKind('NetworkPolicy').filter(({ spec }) =>
        matches(template.metadata.labels ?? {}, spec.podSelector.matchLabels),
      );
      expect([name, policies.map(({ spec }) => spec.policyTypes)]).toEqual([name, [['Ingress', 'Egress']]]);
    }
  });

  test('a budget never forbids what a rollout needs, and no count is set that something else rules', () => {
    for (const { spec } of ofKind('PodDisruptionBudget')) expect(spec.maxUnavailable).toBe(1);
    const scaled = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')];
    for (const { spec } of scaled) {
      const target = ofKind('Deployment').find(({ metadata }) => metadata.name === spec.scaleTargetRef.name);
      expect(target?.spec.replicas).toBeUndefined();
    }
    expect(new Set(scaled.map(({ spec }) => spec.scaleTargetRef.name)).size).toBe(scaled.length);
  });

  test('the migration waits for nothing that comes after it', () => {
    const job = ofKind('Job').find(({ metadata }) => metadata.name.includes('migrate'))!;
    expect(job.spec.template.spec.serviceAccountName).toBeUndefined();
    expect(job.spec.ttlSecondsAfterFinished).toBeGreaterThan(3600);
    if (job.metadata.annotations?.['helm.sh/hook'] === undefined) return;
    expect(job.metadata.annotations['helm.sh/hook-delete-policy']).toBe('before-hook-creation');
    const secret = job.spec.template.spec.volumes.find((volume: { name: string }) => volume.name === 'secrets').secret
      .secretName;
    const made = ofKind('Secret').filter(({ metadata }) => metadata.name === secret);
    expect(made).toEqual([]);
  });

  test('objects say whose they are', () => {
    for (const { kind, metadata } of objects)
      expect([kind, metadata.name, metadata.labels]).toMatchObject([
        kind,
        metadata.name,
        { 'app.kubernetes.io/instance': 'evidverse', 'app.kubernetes.io/part-of': 'evidverse' },
      ]);
  });
});

describe('what a service is given', () => {
  const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as {
    settings: Record<string, unknown>;
    services: Record<string, { entry: string; secrets: string[]; needs: string[] }>;
  };
  const processes: Record<string, { config: ConfigShape }> = {
    gateway,
    projects,
    media,
    tasks,
    'tasks-worker': tasksWorker,
    mesh,
    intel,
  };
  test.each(Object.keys(processes))('%s gets exactly the secrets that it reads', (name) => {
    const reads = Object.keys(processes[name]!.config('cloud'));
    const wanted = reads.filter((one) => SECRET.test(one));
    expect([...values.services[name]!.secrets].sort()).toEqual(wanted.sort());
  });

  test('every common setting is one that somebody reads', () => {
    const read = new Set(Object.values(processes).flatMap(({ config }) => Object.keys(config('cloud'))));
    expect(Object.keys(values.settings).filter((name) => !read.has(name))).toEqual([]);
  });
});

function matches(labels: Record<string, string>, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
