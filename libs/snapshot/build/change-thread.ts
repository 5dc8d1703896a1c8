import { answerQuestions } from '#libs/threads/answer-questions';
import { changeAside } from './parts.js';

answerQuestions(changeAside);
