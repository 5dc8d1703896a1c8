import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = process.cwd();
const LAW = join(ROOT, '.dependency-cruiser.cjs');

/** A small house that keeps every rule, with each arrow that must stay allowed. */
const LAWFUL_TREE = {
  'libs/errors/app-error.ts': `export const appError = 1;`,
  'libs/contracts/contract.ts': `import { z } from 'zod'; export const contract = z.string();`,
  'libs/contracts/projects.ts': `import { contract } from '#libs/contracts/contract'; export const project = contract;`,
  'libs/contracts/projects.test.ts': `import { it } from '@jest/globals'; import './projects.js'; it('stands', () => {});`,
  'libs/timeline/diff.ts': `import { createHash } from 'node:crypto'; import { appError } from '#libs/errors/app-error'; export const diff = [createHash, appError];`,
  'libs/snapshot/state.ts': `import { z } from 'zod'; export const state = z.string();`,
  'libs/snapshot/build/pack.ts': `import { gzip } from 'node:zlib'; import { state } from '../state.js'; export const pack = [gzip, state];`,
  'libs/release-name/parse.ts': `import { appError } from '#libs/errors/app-error'; export const parse = appError;`,
  'libs/japanese/latin-reading.ts': `export const latinReading = 1;`,
  'libs/titles/pinyin.ts': `import { pinyin } from 'pinyin-pro'; import { parse } from '#libs/release-name/parse'; export const read = [pinyin, parse];`,
  'libs/database/naming.ts': `import { DataSource } from 'typeorm'; import pg from 'pg'; export const naming = [DataSource, pg];`,
  'libs/messaging/broker.ts': `import { Server } from '@nestjs/microservices'; import amqplib from 'amqplib'; export const broker = [Server, amqplib];`,
  'libs/bootstrap/start-service.ts': `import { Server } from '@nestjs/microservices'; export const startService = Server;`,
  'libs/testing/database.ts': `import { naming } from '#libs/database/naming'; export const database = naming;`,
  'libs/storage/node.ts': `import type { Leaf } from './leaf.js'; export interface Node { leaf: Leaf }`,
  'libs/storage/leaf.ts': `import { type Node } from './node.js'; export interface Leaf { node: Node }`,
  'services/projects/domain/next-version.ts': `import { createHash } from 'node:crypto'; import { project } from '#libs/contracts/projects'; import { appError } from '#libs/errors/app-error'; import { diff } from '#libs/timeline/diff'; export const nextVersion = [createHash, project, appError, diff];`,
  'services/projects/versions/domain/name.ts': `import { nextVersion } from '../../domain/next-version.js'; export const name = nextVersion;`,
  'services/projects/domain/next-version.test.ts': `import fc from 'fast-check'; import { database } from '#libs/testing/database'; import './next-version.js'; export const seen = [fc, database];`,
  'services/projects/projects.module.ts': `import { Module } from '@nestjs/common'; import { naming } from '#libs/database/naming'; import { nextVersion } from './domain/next-version.js'; export const projects = [Module, naming, nextVersion];`,
  'services/gateway/main.ts': `import { startService } from '#libs/bootstrap/start-service'; import { broker } from '#libs/messaging/broker'; import { project } from '#libs/contracts/projects'; export const gateway = [startService, broker, project];`,
  'services/local/main.ts': `import { projects } from '../projects/projects.module.js'; import { gateway } from '../gateway/main.js'; export const local = [projects, gateway];`,
  'scripts/seed.ts': `import { database } from '#libs/testing/database'; export const seed = database;`,
  'bench/hop.ts': `import { database } from '#libs/testing/database'; import amqplib from 'amqplib'; export const hop = [database, amqplib];`,
  'test/journeys/first-hour.ts': `import { local } from '../../services/local/main.js'; import amqplib from 'amqplib'; export const firstHour = [local, amqplib];`,
  'test/journeys/first-hour.test.ts': `import { firstHour } from './first-hour.js'; import { database } from '#libs/testing/database'; export const told = [firstHour, database];`,
};

/** For each rule the arrows that break it, each from a file of its own. */
const BREACHES: Record<string, Record<string, string>> = {
  'no-circles': {
    'libs/storage/left.ts': `import { right } from './right.js'; export const left = () => right;`,
    'libs/storage/right.ts': `import { left } from '#libs/storage/left'; export const right = () => left;`,
  },
  'services-are-islands': {
    'services/media/borrows-a-service.ts': `import { projects } from '../projects/projects.module.js'; export const borrowed = projects;`,
    'services/media/borrows-a-domain.ts': `import { nextVersion } from '../projects/domain/next-version.js'; export const borrowed = nextVersion;`,
    'services/media/borrows-a-type.ts': `import type { local } from '../local/main.js'; export type Borrowed = typeof local;`,
  },
  'libs-know-no-service': {
    'libs/client/knows-a-service.ts': `import { projects } from '../../services/projects/projects.module.js'; export const known = projects;`,
    'libs/client/waits-for-a-service.ts': `export const known = () => import('../../services/projects/projects.module.js');`,
  },
  'contracts-are-pure': {
    'libs/contracts/borrows-errors.ts': `import { appError } from '#libs/errors/app-error'; export const borrowed = appError;`,
    'libs/contracts/borrows-node.ts': `import { createHash } from 'node:crypto'; export const borrowed = createHash;`,
    'libs/contracts/borrows-nest.ts': `import type { Type } from '@nestjs/common'; export type Borrowed = Type;`,
  },
  'titles-are-pure': {
    'libs/titles/knows-files.ts': `import { readFile } from 'node:fs/promises'; export const known = readFile;`,
    'libs/release-name/knows-a-peer.ts': `import { MiniSearch } from 'minisearch'; export const known = MiniSearch;`,
  },
  'japanese-is-for-builders': {
    'libs/recommend/reads-japanese.ts': `import { latinReading } from '#libs/japanese/latin-reading'; export const known = latinReading;`,
  },
  'domain-is-pure': {
    'services/projects/domain/knows-nest.ts': `import { Injectable } from '@nestjs/common'; export const known = Injectable;`,
    'services/projects/domain/knows-typeorm.ts': `import type { Repository } from 'typeorm'; export type Known = Repository<object>;`,
    'services/projects/domain/knows-pg.ts': `import pg from 'pg'; export const known = pg;`,
    'services/projects/domain/knows-files.ts': `import { readFile } from 'node:fs/promises'; export const known = readFile;`,
    'services/projects/domain/knows-its-service.ts': `import { projects } from '../projects.module.js'; export const known = projects;`,
    'services/projects/versions/domain/knows-a-lib.ts': `import { broker } from '#libs/messaging/broker'; export const known = broker;`,
  },
  'timeline-is-pure': {
    'libs/timeline/borrows-contracts.ts': `import { project } from '#libs/contracts/projects'; export const borrowed = project;`,
    'libs/timeline/borrows-a-package.ts': `import { z } from 'zod'; export const borrowed = z;`,
  },
  'snapshot-runs-anywhere': {
    'libs/snapshot/hashes-with-node.ts': `import { createHash } from 'node:crypto'; export const hash = createHash;`,
    'libs/snapshot/borrows-errors.ts': `import { appError } from '#libs/errors/app-error'; export const borrowed = appError;`,
    'libs/snapshot/builds.ts': `import { pack } from './build/pack.js'; export const built = pack;`,
  },
  'client-runs-anywhere': {
    'libs/client/reads-files.ts': `import { readFile } from 'node:fs/promises'; export const read = readFile;`,
    'libs/client/offline/packs-with-node.ts': `import { gzipSync } from 'node:zlib'; export const packed = gzipSync;`,
    'libs/client/knows-the-broker.ts': `import { broker } from '#libs/messaging/broker'; export const known = broker;`,
  },
  'gateway-has-no-database': {
    'services/gateway/reads-with-typeorm.ts': `import { DataSource } from 'typeorm'; export const read = DataSource;`,
    'services/gateway/reads-with-nest.ts': `import { TypeOrmModule } from '@nestjs/typeorm'; export const read = TypeOrmModule;`,
    'services/gateway/reads-with-pg.ts': `import type { Pool } from 'pg'; export type Read = Pool;`,
    'services/gateway/reads-with-our-lib.ts': `import { naming } from '#libs/database/naming'; export const read = naming;`,
  },
  'only-messaging-knows-the-broker': {
    'services/tasks/listens-itself.ts': `import { EventPattern } from '@nestjs/microservices'; export const listen = EventPattern;`,
    'libs/observability/counts-channels.ts': `import type { Channel } from 'amqplib'; export type Counted = Channel;`,
    'scripts/purges-a-queue.ts': `import amqplib from 'amqplib'; export const purge = amqplib;`,
  },
  'nothing-imports-tests': {
    'services/tasks/asks-a-journey.ts': `import { firstHour } from '../../test/journeys/first-hour.js'; export const asked = firstHour;`,
    'scripts/asks-a-test.ts': `import { seen } from '../services/projects/domain/next-version.test.js'; export const asked = seen;`,
  },
  'only-tests-import-testing': {
    'services/tasks/uses-a-test-database.ts': `import { database } from '#libs/testing/database'; export const used = database;`,
    'libs/bootstrap/uses-a-test-database.ts': `import { database } from '#libs/testing/database'; export const used = database;`,
  },
  'not-to-unresolvable': {
    'libs/client/imports-a-ghost.ts': `import { ghost } from '#libs/client/ghost'; export const found = ghost;`,
    'libs/client/imports-an-absent-package.ts': `import { ghost } from 'a-package-nobody-installed'; export const found = ghost;`,
    'libs/client/imports-an-absent-neighbour.ts': `import { ghost } from './ghost.js'; export const found = ghost;`,
  },
};

describe('the dependency law', () => {
  it('lets a tree that keeps it pass, and reads every file of it', async () => {
    const report = await judge(LAWFUL_TREE);
    expect(report.violations).toEqual([]);
    expect(report.judged).toEqual(expect.arrayContaining(Object.keys(LAWFUL_TREE)));
  });

  it('finds every planted breach, each by its own rule and nothing else', async () => {
    const report = await judge(Object.assign({}, LAWFUL_TREE, ...Object.values(BREACHES)));
    const expected = Object.entries(BREACHES).flatMap(([rule, files]) =>
      Object.keys(files).map((file) => `${rule}: ${file}`),
    );
    expect(report.violations).toEqual(expected.sort());
  });

  it('has no rule without a breach that proves it', () => {
    const law = createRequire(LAW)(LAW) as { forbidden: { name: string; severity: string }[] };
    expect(law.forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(BREACHES).sort());
    expect(law.forbidden.filter((rule) => rule.severity !== 'error')).toEqual([]);
  });
});

interface Cruise {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string }; from: string; cycle?: { name: string }[] }[] };
}

/** Plants the files in a folder of their own, beside our package.json and tsconfig, and has our law judge them. */
async function judge(files: Record<string, string>): Promise<{ violations: string[]; judged: string[] }> {
  const tree = await mkdtemp(join(tmpdir(), 'dependency-law-'));
  try {
    for (const name of ['package.json', 'tsconfig.json', 'tsconfig.base.json'])
      await cp(join(ROOT, name), join(tree, name));
    await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), text);
    }
    const depcruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = [depcruise, '--config', LAW, '--output-type', 'json', 'services', 'libs', 'scripts', 'test', 'bench'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 64 * 1024 * 1024 });
    const { modules, summary } = JSON.parse(stdout) as Cruise;
    const found = summary.violations.flatMap(({ rule, from, cycle }) =>
      (cycle ?? [{ name: from }]).map((member) => `${rule.name}: ${member.name}`),
    );
    return { violations: [...new Set(found)].sort(), judged: modules.map((module) => module.source) };
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}
