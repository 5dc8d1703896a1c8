import { answerQuestions } from '#libs/threads/answer-questions';
import { bringFilmBack, type FilmBackQuestion } from './bring-film-back.js';
import { readTimeline, type TimelineQuestion } from './timeline-file.js';
import { writeFilm, type FilmQuestion } from './write-film.js';

answerQuestions((question: TimelineQuestion | FilmBackQuestion | FilmQuestion) => {
  if (!('film' in question)) return readTimeline(question);
  return 'name' in question ? writeFilm(question) : bringFilmBack(question);
});
