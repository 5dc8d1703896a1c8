import type { StoryboardScene } from '#libs/contracts/tasks-generation';

const MOST_SCENES = 12;

/**
 * A storyboard without any model: a text of several sentences becomes a scene for each, in order; a mere topic becomes
 * an opening, a turn and an end.
 */
export function plainStoryboard(topic: string): StoryboardScene[] {
  const sentences = sentencesOf(topic);
  if (sentences.length >= 2)
    return sentences.slice(0, MOST_SCENES).map((sentence, at) => ({
      scene_number: at + 1,
      visual_description: `${ANGLES[at % ANGLES.length]!} ${sentence}`,
      narration: sentence,
    }));
  const subject = sentences[0] ?? topic.trim();
  return [
    { scene_number: 1, visual_description: `Wide shot. The world of ${subject}.`, narration: `This is ${subject}.` },
    { scene_number: 2, visual_description: `Close-up. What moves ${subject}.`, narration: `Then something changes.` },
    {
      scene_number: 3,
      visual_description: `Slow pull back. ${subject}, afterwards.`,
      narration: `And nothing is as it was.`,
    },
  ];
}

const ANGLES = ['Wide shot.', 'Medium shot.', 'Close-up.', 'Over the shoulder.'];

export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？…])\s+|(?<=[。！？])|\n+/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
