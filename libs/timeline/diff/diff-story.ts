import type { Change } from './change.js';
import { diffBeatPlaces, placeBeats } from './diff-beat-places.js';
import { diffSceneOrder } from './diff-scene-order.js';
import { diffThings, type IsCleared, type IsExplained } from './diff-things.js';
import { beatName, BEATS, SCENES, sceneName, type Story } from './story.js';

/**
 * The differences of two stories: scenes in their order, then beats in theirs. A beat that changes scene moves; beats that
 * come or go with their scene are told of there; numbers that follow the order are told with it.
 */
export function diffStory(before: Story, after: Story, isCleared: IsCleared): Change[] {
  const scenes = diffSceneOrder(before, after);
  const [had, has] = [placeBeats(before, scenes.order), placeBeats(after, scenes.order)];
  if (!had || !has) {
    return [
      ...diffThings(
        { ...SCENES, before: before.scenes, after: after.scenes },
        { ...scenes, nameOf: sceneName, nameField: 'title' },
      ),
      ...scenes.others,
      ...diffThings(
        { ...BEATS, before: before.beats, after: after.beats },
        { nameOf: beatName, isExplained: isCleared },
      ),
    ];
  }
  const beats = diffBeatPlaces({ ...before, ...had }, { ...after, ...has });
  const isExplained: IsExplained = (field, old, now, id) => {
    if (field !== 'beatIds') return scenes.isExplained(field, old, now, id);
    return (had.lists.get(id)?.size ?? 0) + (has.lists.get(id)?.size ?? 0) > 0;
  };
  return [
    ...diffThings(
      { ...SCENES, before: before.scenes, after: after.scenes },
      {
        ...scenes,
        nameOf: sceneName,
        nameField: 'title',
        isExplained,
        more: (id) => ({ ...scenes.more(id), ...beats.contentsOf(id) }),
      },
    ),
    ...scenes.others,
    ...diffThings(
      { ...BEATS, before: before.beats, after: after.beats },
      {
        ...beats,
        nameOf: beatName,
        isExplained: (field, old, now, id) => isCleared(field, old, now) || beats.isExplained(field, now, id),
      },
    ),
    ...beats.others,
  ];
}
