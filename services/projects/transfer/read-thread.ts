import { answerQuestions } from '#libs/threads/answer-questions';
import { readTimeline } from './timeline-file.js';

answerQuestions(readTimeline);
