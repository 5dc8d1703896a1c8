import { answerQuestions } from '#libs/threads/answer-questions';
import { previewScript, readScript, type ScriptQuestion } from './read-script.js';

answerQuestions(({ way, engine, text }: ScriptQuestion) => (way === 'read' ? readScript : previewScript)(engine, text));
