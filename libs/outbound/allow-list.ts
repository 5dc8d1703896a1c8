import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];
interface Entry {
  readonly name?: string;
  readonly network?: Network;
  readonly port?: number;
}

/** Places that the operator has opened although they are not public, by name or by address. */
export interface AllowList {
  /** Whether the name, or the address if it is one, may be visited whatever it leads to. */
  hasHost(host: string, port: number): boolean;
  hasAddress(address: string, port: number): boolean;
}

/**
 * Reads `studio.example.org, *.lan, 10.1.0.0/16, 127.0.0.1:9000, [fd00::5]:80`; an entry without a port opens all. What
 * cannot be read is in `complaints`.
 */
export function readAllowList(text: string): { list: AllowList; complaints: string[] } {
  const written = text.split(',').flatMap((entry) => entry.trim() || []);
  const entries = written.map((entry) => readEntry(entry));
  const complaints = written.filter((_, place) => entries[place] === undefined);
  const known = entries.filter((entry) => entry !== undefined);
  const open = (port: number) => known.filter((entry) => entry.port === undefined || entry.port === port);
  const hasAddress = (address: string, port: number) =>
    ipaddr.isValid(address) && open(port).some(({ network }) => network && holds(network, ipaddr.process(address)));
  return {
    list: {
      hasHost: (host, port) => hasAddress(host, port) || open(port).some(({ name }) => name && covers(name, host)),
      hasAddress,
    },
    complaints: complaints.map((entry) => `${entry} is not a host, an address or a network`),
  };
}

function readEntry(entry: string): Entry | undefined {
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]+)\]|([^:]+)|.+?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const bare = isIP(entry) === 6 || /^[\da-f:.]+\/\d+$/i.test(entry);
  const host = (bare ? entry : (bracketed ?? plain)).toLowerCase();
  const port = bare || digits === undefined ? {} : { port: Number(digits) };
  const network = readNetwork(host);
  if (network) return { network, ...port };
  return /^(\*\.)?[a-z\d_-]+(\.[a-z\d_-]+)*$/.test(host) && !/^[\d.]+$/.test(host)
    ? { name: host, ...port }
    : undefined;
}

function readNetwork(host: string): Network | undefined {
  if (isIP(host) !== 0) {
    const address = ipaddr.process(host);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  return ipaddr.isValidCIDR(host) ? ipaddr.parseCIDR(host) : undefined;
}

function holds([network, bits]: Network, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function covers(name: string, host: string): boolean {
  const asked = host.toLowerCase().replace(/\.$/, '');
  return name.startsWith('*.') ? asked.endsWith(name.slice(1)) : asked === name;
}
