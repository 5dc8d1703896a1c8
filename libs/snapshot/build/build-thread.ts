import { answerQuestions } from '#libs/threads/answer-questions';
import { givenOf, workAside } from './work-aside.js';

answerQuestions(workAside, givenOf);
