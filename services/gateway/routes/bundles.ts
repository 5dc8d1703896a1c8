import * as contract from '#libs/contracts/projects-bundles';
import { route, type Route } from '../http/route.js';

/** Whole projects, out of one installation and into another. */
export const bundleRoutes: readonly Route[] = [
  route('POST /projects/:project_id/bundles', contract.exportBundle, {
    auth: 'required',
    summary: 'Write a project, or what somebody lacks of it, into a bundle',
  }),
  route('POST /bundles', contract.beginImport, {
    auth: 'required',
    summary: 'Make room for a bundle that is to be taken in, or only verified',
  }),
  route('GET /bundles/:transfer_id', contract.getTransfer, {
    auth: 'required',
    summary: 'What has become of a bundle, and where a finished one is',
  }),
  route('DELETE /bundles/:transfer_id', contract.endTransfer, {
    auth: 'required',
    summary: 'End a transfer, with its bytes',
  }),
  route('POST /bundles/:transfer_id/parts', contract.importParts, {
    auth: 'required',
    summary: 'Which parts of an upload have arrived, and where to put the others',
  }),
  route('POST /bundles/:transfer_id/finish', contract.finishUpload, {
    auth: 'required',
    summary: 'All parts have arrived; take the bundle in if nothing is wrong with it',
  }),
];
