import { Module } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import { Outbound } from '#libs/outbound/outbound';
import { openKeyring } from '#libs/sealing/sealing-config';
import { OBJECT_STORE } from '#libs/storage/object-store';
import { openStore } from '#libs/storage/storage-config';
import type { TasksConfig } from '../config.js';
import { KEYRING } from '../publish/accounts.js';
import { Assets } from './assets.js';
import { Programs } from './programs.js';

const TOOLS = [
  { provide: OBJECT_STORE, useFactory: openStore, inject: [CONFIG] },
  {
    provide: Outbound,
    useFactory: ({ OUTBOUND_ALLOWED_HOSTS }: TasksConfig) => new Outbound(OUTBOUND_ALLOWED_HOSTS),
    inject: [CONFIG],
  },
  { provide: KEYRING, useFactory: openKeyring, inject: [CONFIG] },
  Assets,
  Programs,
];

/** What service and worker both reach the world with: object store, the guarded way out, keys, ffmpeg. */
@Module({ providers: TOOLS, exports: TOOLS })
export class MediaToolsModule {}
