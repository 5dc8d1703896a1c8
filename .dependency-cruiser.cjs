/**
 * The dependency law: each rule is one sentence of ARCHITECTURE.md, and each is proved on a planted breach in
 * test/laws/dependency-law.test.ts. Type-only imports count everywhere except in circles.
 */

/** The folder of a package in node_modules, with the types that may live beside it. */
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

const A_TEST = '[.]test[.]ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'No file reaches itself; a circle of types alone is gone at run time and is let through.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'services-are-islands',
      comment: 'A service never imports another service; only services/local, the all-in-one entry, starts the others.',
      severity: 'error',
      from: { path: '^services/(?!local/)([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'libs-know-no-service',
      comment: 'Nothing in libs/ imports from services/.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'contracts-are-pure',
      comment: 'Contracts import zod and contracts, nothing else.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: A_TEST },
      to: { pathNot: ['^libs/contracts/', packages('zod')] },
    },
    {
      name: 'domain-is-pure',
      comment:
        'domain/ imports domain, contracts, errors, the timeline and node:crypto: no Nest, no TypeORM, no clock, no world.',
      severity: 'error',
      from: { path: '^services/.+/domain/', pathNot: A_TEST },
      to: { pathNot: ['^services/.+/domain/', '^libs/(contracts|errors|timeline)/', '^(node:)?crypto$'] },
    },
    {
      name: 'timeline-is-pure',
      comment: 'libs/timeline imports itself, errors, an XML parser, and what Node brings along.',
      severity: 'error',
      from: { path: '^libs/timeline/', pathNot: A_TEST },
      to: { pathNot: ['^libs/(timeline|errors)/', packages('fast-xml-parser')], dependencyTypesNot: ['core'] },
    },
    {
      name: 'snapshot-runs-anywhere',
      comment: 'What reads a snapshot imports itself and zod, nothing of Node; only what builds one, in build/, may.',
      severity: 'error',
      from: { path: '^libs/snapshot/', pathNot: ['^libs/snapshot/build/', A_TEST] },
      to: { pathNot: ['^libs/snapshot/(?!build/)', packages('zod')] },
    },
    {
      name: 'titles-are-pure',
      comment: 'libs/titles and libs/release-name import each other, errors and pinyin-pro: they run in a browser too.',
      severity: 'error',
      from: { path: '^libs/(titles|release-name)/', pathNot: A_TEST },
      to: { pathNot: ['^libs/(titles|release-name|errors)/', packages('pinyin-pro')] },
    },
    {
      name: 'japanese-is-for-builders',
      comment:
        'The dictionary of libs/japanese is loaded by who builds title indexes, never by libs that clients take with them.',
      severity: 'error',
      from: { path: '^libs/(?!japanese/)', pathNot: A_TEST },
      to: { path: '^libs/japanese/' },
    },
    {
      name: 'client-runs-anywhere',
      comment:
        'The client needs nothing of Node but in node.ts, node/ and command-line/, and of our libs what runs anywhere.',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: ['^libs/client/(node[.]ts|node/|command-line/)', A_TEST] },
      to: {
        path: ['^(node:)?[a-z_/]+$', '^libs/', '^libs/client/(node[.]ts|node/|command-line/)'],
        pathNot: [
          '^libs/client/(?!node[.]ts|node/|command-line/)',
          '^libs/(contracts|errors|recommend|release-name|site-rules|timeline|titles)/',
          '^libs/snapshot/(?!build/)',
        ],
      },
    },
    {
      name: 'gateway-has-no-database',
      comment: 'The gateway never touches TypeORM, pg or libs/database.',
      severity: 'error',
      from: { path: '^services/gateway/' },
      to: { path: ['^libs/database/', packages('typeorm', 'pg', '@nestjs/typeorm')] },
    },
    {
      name: 'only-messaging-knows-the-broker',
      comment:
        '@nestjs/microservices and amqplib stop at libs/messaging and libs/bootstrap; libs/testing, test/ and bench/ may look behind them.',
      severity: 'error',
      from: { pathNot: '^(libs/(messaging|bootstrap|testing)|test|bench)/' },
      to: { path: packages('@nestjs/microservices', 'amqplib') },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'test/ and *.test.ts may import anything; nothing imports them.',
      severity: 'error',
      from: { pathNot: ['^test/', A_TEST] },
      to: { path: ['^test/', A_TEST] },
    },
    {
      name: 'only-tests-import-testing',
      comment: 'libs/testing is for tests, scripts and benchmarks; no service and no other lib needs it.',
      severity: 'error',
      from: { path: '^(services|libs)/', pathNot: ['^libs/testing/', A_TEST] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'Every import leads somewhere: the file exists, the package is installed.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage|[.]cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // `types` is the condition under which package.json sends #libs/* to the sources instead of to dist/.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
