import { answerQuestions } from '#libs/threads/answer-questions';
import { bringFilmBack, type FilmBackQuestion } from './bring-film-back.js';
import { readTimeline, type TimelineQuestion } from './timeline-file.js';

answerQuestions((question: TimelineQuestion | FilmBackQuestion) =>
  'film' in question ? bringFilmBack(question) : readTimeline(question),
);
