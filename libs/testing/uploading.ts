import type { Caller } from '#libs/contracts/caller';
import type { Asset } from '#libs/contracts/media-assets';
import { completeUpload, presignParts, startUploads } from '#libs/contracts/media-uploads';
import type { Broker } from '#libs/messaging/broker';

/** Sends bytes as a client would, part by part, and gives the asset that they became. */
export async function uploaded(
  broker: Broker,
  by: Caller,
  bytes: Buffer<ArrayBuffer>,
  { filename = 'film.mp4', project_id }: { filename?: string; project_id?: string } = {},
): Promise<Asset> {
  const files = [{ filename, size: bytes.length }];
  const [upload] = (await broker.call(startUploads, { files, project_id }, by)).uploads;
  const { id: upload_id, part_count, part_size } = upload!;
  if (part_count === 1) await send(upload!.url!, bytes);
  else {
    const part_numbers = Array.from({ length: part_count }, (_, index) => index + 1);
    const { parts } = await broker.call(presignParts, { upload_id, part_numbers }, by);
    for (const { part_number, url } of parts)
      await send(url, bytes.subarray((part_number - 1) * part_size!, part_number * part_size!));
  }
  const done = await broker.call(completeUpload, { upload_id }, by);
  if (done.asset === null) throw new Error(`The upload is ${done.state}: ${done.problem}`);
  return done.asset;
}

async function send(url: string, body: Buffer<ArrayBuffer>): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body });
  if (!answer.ok) throw new Error(`The store answers ${answer.status}: ${await answer.text()}`);
}
