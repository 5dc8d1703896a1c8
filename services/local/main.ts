import { endOnSignal, giveUp } from '#libs/bootstrap/main';
import { processEnvironment } from '#libs/config/environment';
import { startTracing } from '#libs/observability/tracing';
import { banner } from './banner.js';

const environment = processEnvironment();
const begun = performance.now();
const stopTracing = await startTracing('local', environment.OTEL_EXPORTER_OTLP_ENDPOINT || undefined);
const { startPlatform } = await import('./start-platform.js');
const platform = await startPlatform(environment).catch((error: unknown) => giveUp('Evidverse Cloud', error));
process.stdout.write(banner(platform, (performance.now() - begun) / 1000));
endOnSignal(async () => {
  await platform.close();
  await stopTracing();
  process.stdout.write('Evidverse Cloud has stopped.\n');
});
