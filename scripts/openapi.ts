import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { clientTypesText } from './openapi/client-types.js';
import { openApiText } from './openapi/text.js';

/**
 * `npm run openapi`: writes docs/openapi.json and the client's types anew, so that a change of the public interface is
 * seen in review.
 */
writeFileSync(join(packageRoot(), 'docs', 'openapi.json'), openApiText());
writeFileSync(join(packageRoot(), 'libs', 'client', 'api', 'paths.ts'), await clientTypesText());
