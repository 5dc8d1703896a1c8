const TOKEN = /^\/t\/[^/?]*/;

/** Stops tracing and hands over what is still unsent. */
export type StopTracing = () => Promise<void>;

/**
 * Starts OpenTelemetry when an OTLP endpoint is configured (the SDK reads the standard OTEL_* variables itself).
 * Must run before anything imports pg, amqplib or an HTTP server: services load their modules after it.
 */
export async function startTracing(service: string, endpoint: string | undefined): Promise<StopTracing> {
  if (endpoint === undefined) return async () => {};
  const [sdk, exporter, http, pg, amqplib, ioredis] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-pg'),
    import('@opentelemetry/instrumentation-amqplib'),
    import('@opentelemetry/instrumentation-ioredis'),
  ]);
  const node = new sdk.NodeSDK({
    serviceName: service,
    traceExporter: new exporter.OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }),
    // Figures are Prometheus' and logs are standard output: only traces go to the collector.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new http.HttpInstrumentation({
        // A client's token may stand in the path; nothing of it goes to a collector.
        startIncomingSpanHook: ({ url = '' }) =>
          TOKEN.test(url) ? { 'url.path': url.replace(TOKEN, '/t/…').split('?', 1)[0]! } : {},
        ignoreIncomingRequestHook: (request) => /^\/(metrics|livez|healthz|readyz)/.test(request.url ?? ''),
      }),
      new pg.PgInstrumentation({ requireParentSpan: true }),
      new amqplib.AmqplibInstrumentation(),
      new ioredis.IORedisInstrumentation({ requireParentSpan: true }),
    ],
  });
  node.start();
  return () => node.shutdown().catch(() => {});
}
