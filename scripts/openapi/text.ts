import { chapters } from '../../services/gateway/routes/route-table.js';
import { openApi } from '../../services/gateway/http/openapi.js';

/** The public interface as committed: the document that the gateway serves, without an installation's address and version. */
export function openApiText(): string {
  return `${JSON.stringify(openApi(chapters, { version: '1', url: '/' }), null, 2)}\n`;
}
