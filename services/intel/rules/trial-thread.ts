import { answerQuestions } from '#libs/threads/answer-questions';
import { checkFixtures } from '#libs/site-rules/check-fixtures';
import type { Fixture, RuleRecord } from '#libs/site-rules/rule-record';

/** What a draft says, and the pages it is tried on. */
export interface Trial {
  readonly record: RuleRecord;
  readonly fixtures: readonly Fixture[];
}

answerQuestions(({ record, fixtures }: Trial) => checkFixtures(record, fixtures));
