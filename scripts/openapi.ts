import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { openApiText } from './openapi/text.js';

/** `npm run openapi`: writes docs/openapi.json anew, so that a change of the public interface is seen in review. */
writeFileSync(join(packageRoot(), 'docs', 'openapi.json'), openApiText());
