/** Who asks. The gateway proves it once; every operation carries it. */
export interface Caller {
  readonly user_id: string | null;
  readonly role: PlatformRole | null;
  readonly session_id: string | null;
}

export const PLATFORM_ROLES = ['user', 'moderator', 'admin'] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** How much a personal token may be used for, each more than the one before; the person themselves may do everything. */
export const ACCESS_SCOPES = ['read', 'write', 'admin'] as const;
export type AccessScope = (typeof ACCESS_SCOPES)[number];

export const ANONYMOUS: Caller = { user_id: null, role: null, session_id: null };
