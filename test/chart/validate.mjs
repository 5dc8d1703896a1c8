// Reads Kubernetes objects as JSON lines, and prints what their schemas say against them, a line each.
// A program of its own, because the models are modules that only import() can load.
import { text } from 'node:stream/consumers';

const PACKAGES = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
  'keda.sh': '@kubernetes-models/keda',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'external-secrets.io': '@kubernetes-models/external-secrets',
};

for (const line of (await text(process.stdin)).split('\n').filter(Boolean)) {
  const object = JSON.parse(line);
  const { apiVersion, kind, metadata } = object;
  try {
    const from = PACKAGES[apiVersion.split('/')[0]] ?? 'kubernetes-models';
    const models = await import(`${from}/${apiVersion}/${kind}`);
    new models[kind](object).validate();
  } catch (error) {
    process.stdout.write(`${kind}/${metadata.name}: ${error.message}\n`);
  }
}
