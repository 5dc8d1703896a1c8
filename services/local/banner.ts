import type { Platform } from './start-platform.js';

/** What a person wants to see first: where to go, where the data is, how to stop. */
export function banner({ url, dataDirectory }: Pick<Platform, 'url' | 'dataDirectory'>, seconds: number): string {
  return `
  Evidverse Cloud is up (${seconds.toFixed(1)} s)

    API          ${url}/api/v1
    API pages    ${url}/docs
    OpenAPI      ${url}/api/v1/openapi.json
    Health       ${url}/readyz
    Data         ${dataDirectory}

  Try it: npm run demo (in another terminal). Stop: Ctrl-C.

`;
}
