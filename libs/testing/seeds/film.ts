/** A very small film as the editor keeps it: one scene, a beat for each shot, every shot on the first track. */
export function film(shots: Record<string, number>): Record<string, unknown> {
  let start = 0;
  const placed = Object.entries(shots).map(([id, duration]) => {
    const shot = { id, start, end: start + duration, duration };
    start = shot.end;
    return shot;
  });
  const byId = <T>(make: (shot: (typeof placed)[number], order: number) => T) =>
    Object.fromEntries(placed.map((shot, order) => [shot.id, make(shot, order)]));
  return {
    editorData: [{ id: '0', actions: placed.map(({ id, start, end }) => ({ id, start, end, effectId: id })) }],
    effects: byId(({ id }) => ({ id, name: id })),
    editorState: {
      scenes: {
        scene_1: {
          id: 'scene_1',
          title: 'Scene 1',
          summary: '',
          order: 0,
          beatIds: placed.map(({ id }) => `beat_${id}`),
        },
      },
      beats: Object.fromEntries(
        placed.map(({ id, duration }, order) => [
          `beat_${id}`,
          {
            id: `beat_${id}`,
            sceneId: 'scene_1',
            narration: `We see ${id}.`,
            suggestedDuration: duration,
            characterIds: [],
            status: 'success',
            order,
          },
        ]),
      ),
      characters: {},
      assets: {},
      clips: {},
      timelineItems: {},
      sceneOrder: ['scene_1'],
    },
  };
}
