import { answerQuestions } from '#libs/threads/answer-questions';
import { checkFixtures } from '#libs/site-rules/check-fixtures';
import { checkedDraft, type GivenDraft } from './check-draft.js';

answerQuestions((draft: GivenDraft) => {
  const { record, fixtures } = checkedDraft(draft);
  return checkFixtures(record, fixtures);
});
