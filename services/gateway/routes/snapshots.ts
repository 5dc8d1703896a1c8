import * as snapshots from '#libs/contracts/intel-snapshots';
import { answerWith } from '../http/answer.js';
import { contentRange, passedOn } from '../http/passed-on.js';
import { route, type Route } from '../http/route.js';

const FOREVER = 'public, max-age=31536000, immutable';
/** No cache is more than two minutes behind, so that rules which were taken back are soon gone everywhere. */
const SHORT = 'public, max-age=60, stale-while-revalidate=60, stale-if-error=86400';

const OUTSIDE = { detail: 'The range lies outside the file: see Content-Range for its length.', code: 'invalid' };

/** Snapshots as plain files below `/snap`, and what a service can tell of them besides. */
export const snapshotRoutes: readonly Route[] = [
  route('GET /snap/*', snapshots.getSnapshotFile, {
    auth: 'none',
    summary: 'A file of the snapshots, as any static host would serve it',
    headers: { if_none_match: 'if-none-match', range: 'range', if_range: 'if-range' },
    respond: ({ etag, type, forever, base64, location, part }) => {
      if (part?.length === 0) return answerWith({ status: 416, headers: { 'content-range': `bytes */${part.size}` }, body: OUTSIDE }); // prettier-ignore
      const headers = {
        etag,
        'cache-control': forever ? FOREVER : SHORT,
        ...(forever && { 'accept-ranges': 'bytes' }),
      };
      if (location !== null) return passedOn(location, { ...headers, 'content-type': type }, part ?? undefined);
      if (base64 === null) return answerWith({ status: 304, headers });
      return answerWith({
        status: part ? 206 : 200,
        headers: { ...headers, 'content-type': type, ...(part && { 'content-range': contentRange(part) }) },
        body: Buffer.from(base64, 'base64'),
      });
    },
  }),
  route('GET /v1/snapshots', snapshots.getSnapshots, {
    auth: 'optional',
    summary: 'The newest manifest and where its files stand',
  }),
  route('GET /v1/snapshots/delta', snapshots.findDelta, {
    auth: 'optional',
    query: ['kind', 'from'],
    summary: 'Where the delta to the newest version stands; 410 when the base is too old',
  }),
  route('POST /v1/admin/snapshots/build', snapshots.buildSnapshotNow, {
    auth: 'required',
    summary: 'Build and publish now (publishers)',
  }),
  route('GET /v1/admin/snapshots/builds', snapshots.listSnapshotBuilds, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'Builds, newest first, with what went wrong (publishers)',
  }),
];
