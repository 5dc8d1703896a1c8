import { createHmac } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Opinion } from '#libs/recommend/opinion';
import { pageFor, personNamed } from '../access/retractions.js';
import { Secrets } from '../access/secrets.js';
import { Rounds } from '../rounds.js';

const OLDEST_DAYS = 180;

/** What people thought of answers: of each person the last word on each, under a name that is theirs there alone. */
@Injectable()
export class Feedback implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly secrets: Secrets,
    private readonly rounds: Rounds,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every('forgetting old feedback', 24 * 3600, async () => {
      await this.database.query(`delete from feedback_votes where voted_at < now() - make_interval(days => $1)`, [
        OLDEST_DAYS,
      ]);
    });
  }

  /** Takes one person's word on a work and what was said of it; the same person's last word holds. */
  async take(
    user_id: string,
    workId: number,
    { subject, isGood }: { subject: string; isGood: boolean },
  ): Promise<void> {
    const voter = voterHash(await this.secrets.bytes('voter'), user_id, { work_id: workId, subject });
    await this.database.query(
      `insert into feedback_votes (work_id, subject, voter, is_good, voted_at) values ($1, $2, $3, $4, date_trunc('day', now(), 'UTC'))
       on conflict (work_id, subject, voter) do update set is_good = excluded.is_good, voted_at = excluded.voted_at`,
      [workId, subject, voter, isGood],
    );
  }

  /** Takes the voices of people back, by the names under which they report; every voice is asked whether it is one of theirs. */
  async takeBack(names: readonly string[], signal: AbortSignal): Promise<void> {
    const people = names.flatMap((name) => personNamed(name) ?? []);
    if (people.length === 0) return;
    const secret = await this.secrets.bytes('voter');
    let last: { work_id: string; subject: string } | undefined = { work_id: '0', subject: '' };
    while (last) {
      signal.throwIfAborted();
      const given: { work_id: string; subject: string }[] = await this.database.query(
        `select distinct work_id::text, subject, work_id as place from feedback_votes
         where (work_id, subject) > ($1::bigint, $2) order by place, subject limit $3`,
        [last.work_id, last.subject, pageFor(people)],
      );
      const voices = given.flatMap((one) =>
        people.map((id) => ({ ...one, voter: voterHash(secret, id, one).toString('hex') })),
      );
      await this.database.query(
        `delete from feedback_votes v using json_to_recordset($1) as g(work_id bigint, subject text, voter text)
         where v.work_id = g.work_id and v.subject = g.subject and v.voter = decode(g.voter, 'hex')`,
        [JSON.stringify(voices)],
      );
      last = given.at(-1);
    }
  }

  /** What was thought of works, by work and subject as `12 similar`. */
  async of(workIds: readonly number[], subjects: readonly string[]): Promise<Map<string, Opinion>> {
    const rows = await this.database.query<(Opinion & { work_id: number; subject: string })[]>(
      `select work_id, subject, (count(*) filter (where is_good))::int as good, (count(*) filter (where not is_good))::int as bad
       from feedback_votes where work_id = any($1) and subject = any($2) and voted_at > now() - make_interval(days => $3)
       group by work_id, subject`,
      [workIds, subjects, OLDEST_DAYS],
    );
    return new Map(rows.map(({ work_id, subject, ...opinion }) => [`${work_id} ${subject}`, opinion]));
  }
}

/** A voice of one person on one answer: nobody can tell from it whose it is, nor that two are the same person's. */
const voterHash = (
  secret: Buffer,
  user_id: string,
  { work_id, subject }: { work_id: string | number; subject: string },
): Buffer => createHmac('sha256', secret).update(`${user_id}\0${work_id}\0${subject}`).digest().subarray(0, 16);
