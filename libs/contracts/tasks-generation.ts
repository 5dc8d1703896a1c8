import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, text, whole } from './fields.js';
import { IdempotencyKey, TaskAccepted } from './tasks.js';

/** Everything the world may ask of what models make. */

export const StoryboardScene = z
  .object({
    scene_number: z.number().int().min(1),
    visual_description: z.string().trim().min(1),
    narration: z.string().trim().min(1),
  })
  .meta({ id: 'StoryboardScene' });
export type StoryboardScene = z.input<typeof StoryboardScene>;

const Prompt = text({ max: 20_000 });
const Address = text({ max: 4000 });
const AnchorId = whole({ min: 1, max: 2_147_483_647 }).nullish();
const Asked = { project_id: Id.nullish(), idempotency_key: IdempotencyKey };
const Size = {
  width: whole({ min: 64, max: 4096 }).nullish(),
  height: whole({ min: 64, max: 4096 }).nullish(),
};

/** A picture of words; with an anchor it shows that character. */
export const generateCharacter = operation(
  'tasks.generateCharacter',
  z.object({ prompt: Prompt, anchor_id: AnchorId, ...Size, ...Asked }),
  TaskAccepted,
);
/** A whole clip of a topic: storyboard, a picture and a film for each scene, and all of them in one. */
export const generateClip = operation(
  'tasks.generateClip',
  z.object({
    topic: Prompt,
    anchor_id: AnchorId,
    /** Each scene begins with the last frame of the one before. */
    continuous: Flag.default(false),
    ...Size,
    ...Asked,
  }),
  TaskAccepted,
);
/** One film. It begins with the given picture, or with the last frame of another film, or with a picture made for it. */
export const generateSegment = operation(
  'tasks.generateSegment',
  z.object({
    narration: Prompt,
    visual_description: Prompt,
    image_url: Address.nullish(),
    continue_from: Address.nullish(),
    anchor_id: AnchorId,
    ...Size,
    ...Asked,
  }),
  TaskAccepted,
);
export const generateStoryboard = operation(
  'tasks.generateStoryboard',
  z.object({ topic: Prompt }),
  z.object({ storyboard: z.array(StoryboardScene) }),
  { timeoutMs: 29_000 },
);
