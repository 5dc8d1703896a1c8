import { resolve } from 'node:path';

/** Containers whose every byte is in the file itself; playlists and scripts that name other files are not among them. */
const SELF_CONTAINED = [
  ...['mov', 'matroska', 'webm', 'avi', 'flv', 'mpegts', 'mpeg', 'mpegvideo', 'mxf', 'asf', 'ogg', 'nut', 'dv'],
  ...['h264', 'hevc', 'm4v', 'ivf', 'obu', 'gif', 'apng'],
  ...['wav', 'w64', 'aiff', 'mp3', 'aac', 'ac3', 'eac3', 'flac', 'caf', 'amr', 'au', 'ape', 'wv', 'tta', 'dts'],
  ...['png_pipe', 'jpeg_pipe', 'webp_pipe', 'bmp_pipe', 'tiff_pipe', 'qoi_pipe', 'exr_pipe', 'dpx_pipe', 'psd_pipe'],
  ...['jpegxl_pipe', 'j2k_pipe'],
].join(',');

/**
 * Arguments that make ffmpeg or ffprobe read a file whose content is a stranger's: no network, no other file, and no
 * format that could ask for either. Its name does not count, only its content.
 */
export function userFile(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-format_whitelist', SELF_CONTAINED, '-i', `file:${resolve(path)}`];
}

/** Arguments that make ffmpeg read a file that we wrote ourselves, lists of files included; still no network. */
export function ownFile(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-i', `file:${resolve(path)}`];
}
