import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { buildClient } from './client/build-client.js';

/** `npm run client`: builds the npm package `@evidverse/client` into dist/client, from where `npm publish` takes it. */
const folder = join(packageRoot(), 'dist', 'client');
await buildClient(folder);
console.log(`@evidverse/client is in ${folder}: npm publish ${folder}`);
