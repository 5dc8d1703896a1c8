import { answerQuestions } from '#libs/threads/answer-questions';
import { packAside } from './pack-pieces.js';

answerQuestions(packAside);
