import { Injectable } from '@nestjs/common';

/** Which methods a path answers to, learned from every route the server registers: what a 405 has to say. */
@Injectable()
export class KnownPaths {
  private readonly paths = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Learns a route in the router's own notation: `/projects/:project_id`, `/docs/*`. */
  learn(methods: string | readonly string[], url: string): void {
    const wanted = [methods].flat().filter((method) => method !== 'OPTIONS');
    if (wanted.length === 0) return;
    const known = this.paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const method of wanted) known.methods.add(method);
    this.paths.set(url, known);
  }

  /** The methods that a request's address, without its query and with or without its last slash, answers to. */
  methodsOf(url: string): string[] {
    const path = (url.split('?', 1)[0] as string).replace(/(.)\/$/, '$1');
    const fitting = [...this.paths.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function patternOf(url: string): RegExp {
  const segments = url
    .replace(/(.)\/$/, '$1')
    .split('/')
    .map((segment) =>
      segment === '*' ? '.*' : segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    );
  return new RegExp(`^${segments.join('/')}$`);
}
