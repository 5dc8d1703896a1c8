import { answerQuestions } from '#libs/threads/answer-questions';
import { layAside, laidBytes } from './lay-aside.js';

answerQuestions(layAside, laidBytes);
