import { checkedDraft, type GivenDraft } from '#libs/site-rules/check-draft';
import { checkFixtures } from '#libs/site-rules/check-fixtures';
import { answerQuestions } from '#libs/threads/answer-questions';

answerQuestions((draft: GivenDraft) => {
  const { record, fixtures } = checkedDraft(draft);
  return checkFixtures(record, fixtures);
});
