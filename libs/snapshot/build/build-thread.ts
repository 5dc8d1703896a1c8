import { answerQuestions } from '#libs/threads/answer-questions';
import { workAside } from './work-aside.js';

answerQuestions(workAside);
