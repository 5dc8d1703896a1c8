import type { FastifyInstance } from 'fastify';
import { methodNotAllowed } from '#libs/http/failure-answer';

/**
 * Paths that clients knew before this platform stood, and the one method each answered to: others are told so, as they were
 * then. Without this a GET answers HEAD too, and `GET /v1/jobs/lease` asks for a job of that name.
 */
const KNOWN: readonly { path: RegExp; method: 'GET' | 'POST'; others: readonly string[] }[] = [
  {
    path: /^(?:\/t\/[^/]+)?\/v1\/(?:alias\/(?:search|resolve)|index\/[^/]+|rules\/latest)$/,
    method: 'GET',
    others: ['HEAD'],
  },
  { path: /^\/v1\/jobs\/(?:lease|finish)$/, method: 'POST', others: ['GET', 'HEAD', 'DELETE'] },
];

/** Answers 405 where such a path is asked by a method that it never had. */
export function keepKnownMethods(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    const known = KNOWN.find((one) => one.others.includes(request.method) && one.path.test(path));
    if (known === undefined) return;
    const { status, headers, body } = methodNotAllowed([known.method]);
    return reply.code(status).headers(headers).send(body);
  });
}
