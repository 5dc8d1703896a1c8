import { z } from 'zod';
import { createVnAsset, followLink, listVnAssets, presignUpload } from '#libs/contracts/media';
import {
  deleteAsset,
  getAsset,
  getUsage,
  linkAsset,
  listAssets,
  restoreAsset,
  updateAsset,
} from '#libs/contracts/media-assets';
import { abortUpload, completeUpload, getUpload, presignParts, startUploads } from '#libs/contracts/media-uploads';
import { wantMedia } from '#libs/contracts/media-carrying';
import { getPlayback, readPlaylist } from '#libs/contracts/media-play';
import { AppError } from '#libs/errors/app-error';
import { answerWith } from '../http/answer.js';
import { route, type Route } from '../http/route.js';

/** Uploads, assets, and the links to them. Bytes go between browser and object store; here are names, sizes and rights. */
export const mediaRoutes: readonly Route[] = [
  route('POST /files/presigned-url', presignUpload, {
    auth: 'required',
    query: ['filename'],
    summary: 'An address that takes one PUT of a file',
  }),
  route('POST /files/upload', completeUpload, {
    auth: 'required',
    file: { field: 'file', as: 'upload_id' },
    summary: 'Upload a small file as the last field of a form; larger ones go to the object store themselves',
    respond: ({ state, object_name, problem }) => {
      if (state === 'failed') throw new AppError('invalid', problem ?? 'The file cannot be kept.');
      return { msg: `File uploaded successfully to ${object_name}` };
    },
    answers: z.object({ msg: z.string() }),
  }),
  route('POST /vn/assets', createVnAsset, { auth: 'required', summary: 'Make an asset of a project out of an upload' }),
  route('GET /vn/assets', listVnAssets, {
    auth: 'required',
    query: ['project_id', 'branch_name', 'type', 'skip', 'limit'],
    summary: 'My scripts and pictures of visual novels',
  }),
  route('POST /media/uploads', startUploads, {
    auth: 'required',
    summary: 'Begin uploads; what I can read here already is an asset at once',
  }),
  route('GET /media/uploads/:upload_id', getUpload, {
    auth: 'required',
    summary: 'How an upload stands: which parts the store has',
  }),
  route('POST /media/uploads/:upload_id/parts', presignParts, {
    auth: 'required',
    summary: 'Addresses that take one PUT of one part each',
  }),
  route('POST /media/uploads/:upload_id/complete', completeUpload, {
    auth: 'required',
    summary: 'All bytes are there; have them verified',
  }),
  route('DELETE /media/uploads/:upload_id', abortUpload, { auth: 'required', summary: 'Give an upload up' }),
  route('GET /media/usage', getUsage, { auth: 'required', summary: 'What my media take, and what I may take' }),
  route('GET /media/assets', listAssets, {
    auth: 'required',
    query: ['project_id', 'commit_id', 'kind', 'after', 'limit'],
    summary: 'Assets of a project, or mine; newest first',
  }),
  route('POST /projects/:project_id/media/wanted', wantMedia, {
    auth: 'required',
    summary: 'Addresses of media by hash, of those that I can read in a project',
  }),
  route('GET /media/assets/:asset_id', getAsset, { auth: 'optional', summary: 'An asset' }),
  route('PATCH /media/assets/:asset_id', updateAsset, {
    auth: 'required',
    summary: 'Change the name, the licence, or whether the world may look',
  }),
  route('DELETE /media/assets/:asset_id', deleteAsset, { auth: 'required', summary: 'Put an asset aside' }),
  route('POST /media/assets/:asset_id/restore', restoreAsset, {
    auth: 'required',
    summary: 'Bring back an asset of mine that was put aside',
  }),
  route('GET /media/assets/:asset_id/link', linkAsset, {
    auth: 'optional',
    query: ['download'],
    summary: 'An address for one look at the bytes, with ranges',
  }),
  route('GET /media/assets/:asset_id/playback', getPlayback, {
    auth: 'optional',
    summary: 'What a player needs: qualities, still, hover pictures, wave',
  }),
  route('GET /media/:asset_id/:key/hls/:playlist', readPlaylist, {
    auth: 'none',
    summary: 'A playlist of a film, with addresses signed for this request',
    respond: ({ text, is_public }) => playlist(text, is_public),
    answers: z.string(),
  }),
  route('GET /media/:asset_id/:key/:name', followLink, {
    auth: 'none',
    query: ['project_id'],
    headers: { page: 'referer' },
    summary: 'The bytes behind a link that documents carry',
    respond: redirectTo,
    status: 302,
  }),
];

function playlist(text: string, isPublic: boolean): Response {
  return answerWith({
    headers: {
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': isPublic ? 'public, max-age=60' : 'private, no-store',
      'cross-origin-resource-policy': 'cross-origin',
    },
    body: Buffer.from(text),
  });
}

/** For less than the address lives, a browser need not ask again. Pages of every origin may show what is behind it. */
function redirectTo({ url, is_public, is_disputed }: z.output<typeof followLink.output>): Response {
  const forAll = is_public ? 'public, max-age=60' : 'private, max-age=600';
  const cacheControl = is_disputed ? 'private, no-store' : forAll;
  return answerWith({
    status: 302,
    headers: {
      location: url,
      'cache-control': cacheControl,
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
    },
  });
}
