import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line and every message written on behalf of one request shares. */
export interface RequestContext {
  readonly request_id: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const requestContext = {
  run: <T>(context: RequestContext, work: () => T): T => storage.run(context, work),
  current: (): RequestContext | undefined => storage.getStore(),
};
