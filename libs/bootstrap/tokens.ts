/** What every service can have injected, whatever it is; `Broker` is injected by its class. */
export const SERVICE = Symbol('SERVICE');
export const CONFIG = Symbol('CONFIG');
export const LOG = Symbol('LOG');
export const CARRIER = Symbol('CARRIER');
export const HEALTH = Symbol('HEALTH');
