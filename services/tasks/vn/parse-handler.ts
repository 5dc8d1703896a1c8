import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { locateAsset, type Asset } from '#libs/contracts/media-assets';
import type { VNEvent } from '#libs/contracts/tasks-vn';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { decodeScript, detectEngine } from '../domain/vn/detect-script.js';
import type { Engine } from '../domain/vn/script.js';
import type { TaskHandler, TaskRun } from '../engine/task-handler.js';
import { logJob } from '../jobs/job-log.js';
import { Assets } from '../media/assets.js';
import { scriptsAt, type ScriptFile } from './script-archive.js';
import { ScriptReader } from './script-reader.js';

interface JobRow {
  id: string;
  engine: Engine | null;
  script_text: string | null;
  asset_ids: string[];
  attempts: number;
}

interface Source {
  name: string;
  kind: 'text' | 'asset';
  text: string;
  encoding: string;
  /** How much of the job is done once this is read, from 0 to 1. */
  done: number;
}

const MOST_EVENTS = 100_000;
const MOST_PROBLEMS = 2000;

/** Reads the scripts of a job, files and archives included; a file that cannot be read spoils nothing but itself. */
@Injectable()
export class ParseHandler implements TaskHandler {
  readonly kind = 'vn.parse';

  constructor(
    private readonly database: DataSource,
    private readonly assets: Assets,
    private readonly broker: Broker,
    private readonly reader: ScriptReader,
  ) {}

  async run(run: TaskRun) {
    const job = await this.start((run.task.input as { job_id: string }).job_id);
    const say = (event: string, message: string, data: Record<string, unknown>, level: 'info' | 'error' = 'info') =>
      logJob(this.database.manager, 'vn_jobs', job.id, { event, message, data, level });
    await say('job_started', `Attempt ${job.attempts} begins.`, { attempt: job.attempts });
    const problems: { file: string; line: number; message: string }[] = [];
    const events: VNEvent[] = [];
    const files: { name: string; engine: Engine; encoding: string; events: number; graph: unknown }[] = [];
    const complain = (file: string, message: string) => problems.push({ file, line: 1, message });
    let index = -1;
    for await (const { name, kind, text, encoding, done } of this.sources(run, job, complain)) {
      run.signal.throwIfAborted();
      index++;
      const engine = job.engine ?? detectEngine(text).engine;
      if (engine === null) {
        problems.push({ file: name, line: 1, message: 'Nothing tells which engine this is for; name the engine.' });
        await say('invalid_engine', `Nothing tells which engine ${name} is for.`, { file: name }, 'error');
        continue;
      }
      const read = await this.reader.read(engine, text);
      problems.push(...read.problems.map((problem) => ({ file: name, ...problem })));
      for (const event of read.events) if (events.length < MOST_EVENTS) events.push(event);
      files.push({ name, engine, encoding, events: read.events.length, graph: read.graph });
      const counts = { index, events: read.events.length };
      await say(kind === 'text' ? 'parsed_text' : 'parsed_asset', `${name} is read.`, counts);
      run.progress(done, name);
    }
    const [first] = files;
    if (!first) throw new AppError('invalid', problems[0]?.message ?? 'There is no script in what was given.');
    const { engine } = first;
    const counted = { events, event_count: events.length, files, problems: problems.slice(0, MOST_PROBLEMS) };
    await this.database.query(
      `update vn_jobs set result = $2, engine = coalesce(engine, $3)
       where id = $1 and exists (select from tasks where id = $4 and attempt_epoch = $5 and state = 'running')`,
      [
        job.id,
        JSON.stringify({ status: 'succeeded', engine, ...counted }),
        engine,
        run.task.id,
        run.task.attempt_epoch,
      ],
    );
    return { status: 'succeeded', job_id: job.id, event_count: events.length };
  }

  private async start(job_id: string): Promise<JobRow> {
    const [[job]] = await this.database.query<[JobRow[], number]>(
      `update vn_jobs set status = 'started', attempts = attempts + 1, error = null where id = $1
       returning id, engine, script_text, asset_ids, attempts`,
      [job_id],
    );
    if (job) return job;
    throw new AppError('invalid', 'The parse job is gone.');
  }

  /** One after the other, so that no more than one file is held at a time. */
  private async *sources(
    run: TaskRun,
    job: JobRow,
    complain: (file: string, message: string) => void,
  ): AsyncGenerator<Source> {
    const count = job.asset_ids.length + 1;
    if (job.script_text !== null && job.script_text.trim() !== '')
      yield { name: 'script_text', kind: 'text', text: job.script_text, encoding: 'utf-8', done: 1 / count };
    for (const [at, id] of job.asset_ids.entries()) {
      const { asset } = await this.broker.call(locateAsset, { asset_id: id }, run.caller);
      const scripts = await this.scriptsOf(run, asset, complain);
      for (const [of, { name, bytes }] of scripts.entries())
        yield { name, kind: 'asset', ...decodeScript(bytes), done: (at + 1 + (of + 1) / scripts.length) / count };
    }
  }

  private async scriptsOf(
    run: TaskRun,
    { name, url }: Pick<Asset, 'name' | 'url'>,
    complain: (file: string, message: string) => void,
  ): Promise<ScriptFile[]> {
    const path = join(run.directory, 'script');
    await this.assets.fetch(run, url, path);
    try {
      return await scriptsAt(path, name);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code !== 'invalid') throw thrown;
      complain(name, error.message);
      return [];
    } finally {
      await rm(path);
    }
  }
}
