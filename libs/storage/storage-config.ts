import { hkdfSync } from 'node:crypto';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { url } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { AppError } from '#libs/errors/app-error';
import { FilesystemStore } from './filesystem-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store } from './s3-store.js';

/** Where objects are kept: on the S3 server that is named, or else, in local mode, in a folder. */
export const StorageConfig = (mode: AppMode) => {
  const onlyCloud = <Field extends z.ZodType>(field: Field) => (mode === 'cloud' ? field : field.optional());
  const address = url(
    /^https?:\/\/[^/?#@]+\/?$/,
    'an address without path is expected, as https://s3.example.org:9000',
  );
  return {
    S3_ENDPOINT_URL: onlyCloud(address),
    S3_PUBLIC_ENDPOINT_URL: address.optional(),
    S3_ACCESS_KEY: onlyCloud(z.string()),
    S3_SECRET_KEY: onlyCloud(z.string()),
    S3_BUCKET_NAME: z
      .string()
      .regex(
        /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        '3 to 63 lower-case letters, digits, dots and dashes are expected',
      )
      .default('evidverse-bucket'),
    S3_REGION_NAME: z.string().default('us-east-1'),
  };
};

/** The path of the file door below PUBLIC_URL. */
export const FILES_PREFIX = '/files';

/** What `openStore` reads beside StorageConfig; the folder and the door need them. */
export interface FolderConfig {
  DATA_DIR?: string;
  PUBLIC_URL?: string;
  SECRET_KEY?: string;
}

/** Opens S3 when S3_ENDPOINT_URL is set, else the folder `objects` in DATA_DIR with links below PUBLIC_URL. */
export function openStore(config: Config<typeof StorageConfig> & FolderConfig): ObjectStore {
  return config.S3_ENDPOINT_URL === undefined ? openFolder(config) : openS3(config, config.S3_ENDPOINT_URL);
}

function openS3(config: Config<typeof StorageConfig>, endpoint: string): S3Store {
  const { S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = config;
  if (accessKey === undefined || secretKey === undefined)
    throw new AppError(
      'invalid',
      'S3_ENDPOINT_URL is set, but S3_ACCESS_KEY or S3_SECRET_KEY is not. Set both, or unset S3_ENDPOINT_URL to keep files in DATA_DIR.',
    );
  return new S3Store({
    endpoint,
    publicEndpoint: config.S3_PUBLIC_ENDPOINT_URL,
    region: config.S3_REGION_NAME,
    bucket: config.S3_BUCKET_NAME,
    accessKey,
    secretKey,
  });
}

function openFolder({ DATA_DIR, PUBLIC_URL, SECRET_KEY }: FolderConfig): FilesystemStore {
  if (DATA_DIR === undefined || PUBLIC_URL === undefined || SECRET_KEY === undefined)
    throw new AppError(
      'invalid',
      'Without S3_ENDPOINT_URL files are kept in a folder, which needs DATA_DIR, PUBLIC_URL and SECRET_KEY. Set them, or S3_ENDPOINT_URL.',
    );
  const folder = join(resolve(DATA_DIR), 'objects');
  const publicUrl = PUBLIC_URL.replace(/\/+$/, '') + FILES_PREFIX;
  const name = JSON.stringify([folder, publicUrl, SECRET_KEY]);
  const store =
    folders.get(name) ??
    new FilesystemStore({
      folder,
      publicUrl,
      signingKey: Buffer.from(hkdfSync('sha256', SECRET_KEY, '', 'links to files', 32)),
    });
  folders.set(name, store);
  return store;
}

/** One store for one folder in a process: its turns are what keeps two writers of one key apart. */
const folders = new Map<string, FilesystemStore>();
