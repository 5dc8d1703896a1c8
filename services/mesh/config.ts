import { z } from 'zod';
import { CommonConfig, DatabaseConfig, url } from '#libs/config/common-config';
import { trustedProxies } from '#libs/config/trusted-proxies';
import type { AppMode, Config } from '#libs/config/read-config';
import { SealingConfig } from '#libs/sealing/sealing-config';
import { peerSettings } from './operators/peer-settings.js';

const PLACEHOLDER =
  /^(change[-_ ]?me.*|your[-_ ].*|secret|shared[-_ ]?key|network[-_ ]?shared[-_ ]?key|test|password|default|x+|0+|1+)$/i;

const whole = (min: number, max: number) => {
  const expected = `a whole number between ${min} and ${max} is expected`;
  return z.coerce.number(expected).int(expected).min(min, expected).max(max, expected);
};

/** Names with spaces between; without any, null. */
const siteNames = z
  .string()
  .default('')
  .transform((names) => names.split(/\s+/).filter((name) => name !== ''))
  .transform((names) => (names.length === 0 ? null : new Set(names)));

/** In local mode, where SEALING_KEYS need not be given; in a cluster the mesh has no business with what signs the tokens of users. */
const localSecret = (mode: AppMode) =>
  (mode === 'local' ? { SECRET_KEY: z.string().optional() } : {}) as { SECRET_KEY: z.ZodOptional<z.ZodString> };

/** What the mesh needs beyond the common settings: how leases are given, who may ask, who it is among its peers. */
export const meshConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...SealingConfig(mode),
  ...localSecret(mode),
  NETWORK_SHARED_KEY: z
    .string()
    .min(mode === 'local' ? 1 : 16, 'at least 16 characters are expected in cloud mode (openssl rand -base64 24)')
    .refine(
      (key) => mode === 'local' || !PLACEHOLDER.test(key),
      'this value is a placeholder (openssl rand -base64 24)',
    )
    .optional(),
  MAX_WORKERS_PER_SITE: whole(1, 1000).default(3),
  LEASE_DURATION_SECONDS: whole(1, 86_400).default(300),
  MESH_MIN_INTERVAL_MS: whole(0, 86_400_000).default(10_000),
  MESH_MIN_CLIENT_VERSION: z
    .string()
    .regex(/^\d+(\.\d+)*$/, 'a version as 1.4.0 is expected')
    .optional(),
  MESH_CLUSTER: z.string().min(1).max(100).default('main'),
  MESH_PEERS: peerSettings,
  MESH_PEERS_EVERY_S: whole(1, 3600).default(30),
  MESH_HOST: z.string().default(mode === 'local' ? '127.0.0.1' : '0.0.0.0'),
  MESH_PORT: whole(1, 65_535).optional(),
  MESH_ADDRESS_PER_MINUTE: whole(1, 100_000_000).default(12_000),
  MESH_NODE_PER_MINUTE: whole(1, 100_000_000).default(1200),
  AUTH_RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000).default(mode === 'local' ? 3000 : 30),
  MESH_NEW_NODES_PER_HOUR: whole(1, 1_000_000).default(200),
  MESH_LEGACY_NODES: whole(1, 10_000_000).default(20_000),
  MESH_LEGACY_SITES: siteNames,
  // In a cluster all workers come through the ingress, which has a private address; counted as one they would starve.
  TRUSTED_PROXIES: trustedProxies(mode === 'local' ? '' : 'uniquelocal'),
  MESH_PUBLIC_URL: url(/^https?:\/\//, 'the address nodes use is expected, as https://mesh.example.org').optional(),
});
export type MeshConfig = Config<typeof meshConfig>;
