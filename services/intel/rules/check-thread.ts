import { checkedDraft } from '#libs/site-rules/check-draft';
import { answerQuestions } from '#libs/threads/answer-questions';

answerQuestions(checkedDraft);
