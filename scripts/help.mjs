/** The commands a person uses, in the order one meets them; test/laws/commands.test.ts holds this table against package.json. */
const COMMANDS = {
  start: 'build and start everything in one process on this machine; needs nothing else installed',
  demo: 'play the core journey against a running platform; a path to an .otio file plays that film',
  dev: 'every service as its own process, in watch mode; or only those named: npm run dev media',
  test: 'build, then every test against real parts',
  jest: 'one test file without the build: npm run jest -- libs/errors',
  check: 'types, lint, format and the dependency law; run it before you push',
  format: 'put every file into the one format',
  build: 'compile to dist/',
  bench: 'one benchmark beside its peer: npm run bench -- broker-hop',
  openapi: 'write docs/openapi.json anew, after a change of routes or contracts',
  chart: 'write the schema, dashboards and alerts of the Helm chart anew, after a change of scripts/chart',
  catalogue: 'fill the catalogue of titles with bangumi-data, or with a file: npm run catalogue -- works.jsonl me',
  snapshot: 'build and publish the snapshots of titles, sites and rules once, as a CronJob does',
  client: 'build the npm package @evidverse/client into dist/client, ready to publish',
  migrate: 'bring the database that DATABASE_URL names up to date',
};

const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
for (const [name, line] of Object.entries(COMMANDS)) console.log(`npm run ${name.padEnd(width)}   ${line}`);
