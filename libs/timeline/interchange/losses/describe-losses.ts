import type { Language } from '../../diff/change-words.js';
import type { Loss } from './loss.js';
import { ToldLoss } from './told-loss.js';
import { CHINESE } from './words-zh.js';
import { ENGLISH } from './words-en.js';

const SENTENCES = { en: ENGLISH, zh: CHINESE };

/** Each loss in one plain sentence, in the order they come in: of several of a kind how many there are, and the first of them. */
export function describeLosses(losses: readonly Loss[], { language }: { language: Language }): string[] {
  return losses.map((loss) => {
    const told = new ToldLoss(loss, language);
    const sentence = SENTENCES[language][loss.code](told);
    return told.times === '' ? sentence : language === 'zh' ? withTimesZh(sentence, told) : `${sentence}${told.times}`;
  });
}

const withTimesZh = (sentence: string, { times }: ToldLoss): string => `${sentence.replace(/。$/, '')}${times}。`;

/** Losses as they are told to people and to programs, in the same order. */
export function toldLosses(losses: Loss[], language: Language): { losses: string[]; loss_report: Loss[] } {
  return { losses: describeLosses(losses, { language }), loss_report: losses };
}
