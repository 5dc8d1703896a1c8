import { answerQuestions } from '#libs/threads/answer-questions';
import { checkedDraft } from './check-draft.js';

answerQuestions(checkedDraft);
