type Schema = Readonly<Record<string, unknown>>;

/** What `values.yaml` may hold; a wrong value is told with its place, by Helm, before anything is sent to the cluster. */
export function valuesSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the evidverse chart',
    ...record({
      image: record({
        registry: text('as registry.example.org'),
        repository: { ...text('the image without its tag'), minLength: 1 },
        tag: text("empty: the chart's appVersion"),
        digest: text('sha256:… wins over the tag'),
        pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
      }),
      imagePullSecrets: list(record({ name: text('a Secret with a docker login') })),
      secrets: record({
        name: text('the Secret with addresses and passwords'),
        keys: list({ type: 'string', ...SETTING }),
        checksum: { type: ['string', 'number'] },
      }),
      externalSecrets: record({
        enabled: flag,
        refreshInterval: text('as 1h'),
        storeRef: record({ name: text('the store'), kind: { enum: ['SecretStore', 'ClusterSecretStore'] } }),
        data: { type: 'object', propertyNames: SETTING, additionalProperties: { type: 'string' } },
      }),
      settings: SETTINGS,
      defaults: service(false),
      services: {
        type: 'object',
        propertyNames: { pattern: '^[a-z][a-z0-9-]{0,20}$' },
        additionalProperties: service(true),
      },
      migrate: record({
        mode: { enum: ['hook', 'job', 'none'] },
        backoffLimit: whole(0, 20),
        activeDeadlineSeconds: whole(10, 86_400),
        ttlSecondsAfterFinished: whole(60, 31_536_000),
        annotations: TEXTS,
        secretName: text('a Secret whose DATABASE_URL passes no pooler'),
      }),
      snapshots: record({ enabled: flag, schedule: { type: 'string', pattern: '^(\\S+ ){4}\\S+$' }, entry: ENTRY }),
      hosts: record({ api: HOST, app: HOST, mesh: HOST, intel: HOST, snap: HOST }),
      ingress: record({
        enabled: flag,
        className: text('as nginx'),
        annotations: TEXTS,
        tls: text('the Secret with the certificate'),
      }),
      httpRoute: record({ enabled: flag, parentRefs: list(OPEN), annotations: TEXTS }),
      serviceAccount: record({ create: flag, annotations: TEXTS }),
      networkPolicy: record({
        enabled: flag,
        ingressFrom: list(OPEN),
        monitoringFrom: list(OPEN),
        peers: {
          type: 'object',
          additionalProperties: record({ ports: list(whole(1, 65_535)), to: list(OPEN) }),
        },
      }),
      metrics: record({
        monitors: record({ enabled: flag, interval: { type: 'string', pattern: '^[0-9]+(s|m)$' }, labels: TEXTS }),
        rules: record({ enabled: flag, labels: TEXTS, runbookUrl: { type: 'string', pattern: '^https?://' } }),
        slo: record({
          availability: { type: 'number', minimum: 90, exclusiveMaximum: 100 },
          latencyMs: { enum: [50, 100, 250, 500, 1000, 2500, 5000], description: 'a bucket of the histogram' },
          latencyShare: { type: 'number', minimum: 50, exclusiveMaximum: 100 },
        }),
        dashboards: record({
          enabled: flag,
          label: text('what the sidecar looks for'),
          labelValue: { type: 'string' },
          folder: text('the folder in Grafana'),
          namespace: text("empty: the release's"),
        }),
      }),
      tracing: record({ endpoint: { type: 'string', pattern: '^(https?://.+)?$' } }),
      tests: record({ enabled: flag, url: { type: 'string', pattern: '^(https?://.+)?$' } }),
      dev: record({
        enabled: flag,
        images: { type: 'object', additionalProperties: { type: 'string' } },
        storage: { type: 'string', pattern: '^([0-9]+(Mi|Gi|Ti))?$' },
        storageClassName: { type: 'string' },
      }),
      extraObjects: list({ type: ['object', 'string'] }),
      nameOverride: { type: 'string', maxLength: 40 },
      fullnameOverride: { type: 'string', maxLength: 40 },
      global: OPEN,
      // Set by charts that have this one inside.
      enabled: flag,
    }),
  };
}

const flag = { type: 'boolean' };
const OPEN = { type: 'object' };
const TEXTS = { type: 'object', additionalProperties: { type: 'string' } };
const SETTING = { pattern: '^[A-Z][A-Z0-9_]*$' };
/** Settings that are secrets, by their names; among the values they would be readable by everyone who may read the release. */
export const SECRET = /^(DATABASE|RABBITMQ|REDIS)_URL$|_(KEY|KEYS|KEYRING|PASSWORD|SECRET|TOKEN)$|^ADMIN_EMAIL$/;
const SETTINGS = {
  type: 'object',
  description: 'Settings of .env.example that are no secret; secrets come from secrets.name',
  propertyNames: { ...SETTING, not: { pattern: SECRET.source } },
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};
const HOST = { type: 'string', pattern: '^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+)?$' };
const ENTRY = { type: 'string', pattern: '^dist/.+\\.js$' };
const text = (description: string) => ({ type: 'string', description });
const list = (items: Schema) => ({ type: 'array', items });
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
const record = (properties: Record<string, Schema>) => ({ type: 'object', additionalProperties: false, properties });

function service(own: boolean): Schema {
  return record({
    ...(own && {
      enabled: flag,
      entry: ENTRY,
      http: flag,
      paths: list({ type: 'string', pattern: '^/' }),
      secrets: list({ type: 'string', ...SETTING }),
      needs: list({ type: 'string' }),
    }),
    replicas: whole(0, 1000),
    resources: record({ requests: OPEN, limits: OPEN }),
    autoscaling: record({
      enabled: flag,
      minReplicas: whole(1, 1000),
      maxReplicas: whole(1, 1000),
      targetCPU: whole(1, 100),
    }),
    keda: record({
      enabled: flag,
      minReplicas: whole(0, 1000),
      maxReplicas: whole(1, 1000),
      jobsPerReplica: whole(1, 100_000),
      oldestSeconds: whole(1, 86_400),
      prometheusUrl: { type: 'string', pattern: '^https?://' },
    }),
    pdb: record({
      enabled: flag,
      maxUnavailable: { anyOf: [whole(1, 1000), { type: 'string', pattern: '^[0-9]+%$' }] },
    }),
    terminationGracePeriodSeconds: whole(1, 86_400),
    preStopSeconds: whole(0, 300),
    topologySpread: flag,
    priorityClassName: { type: 'string' },
    nodeSelector: TEXTS,
    tolerations: list(OPEN),
    affinity: OPEN,
    podLabels: TEXTS,
    podAnnotations: TEXTS,
    settings: SETTINGS,
    extraEnv: list({ type: 'object', required: ['name'] }),
    extraEnvFrom: list(OPEN),
    extraVolumes: list({ type: 'object', required: ['name'] }),
    extraVolumeMounts: list({ type: 'object', required: ['name', 'mountPath'] }),
  });
}
