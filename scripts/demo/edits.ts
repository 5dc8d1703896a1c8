type Entity = Record<string, unknown>;
interface Film {
  editorData: { id: string; actions: (Entity & { id: string; start: number; end: number })[] }[];
  effects: Record<string, Entity & { name: string }>;
  editorState: { beats: Record<string, Entity>; timelineItems: Record<string, Entity & { duration: number }> };
}

export interface Edit {
  document: Record<string, unknown>;
  words: string;
}

/** Renames the first shot of the film. */
export function renameFirstShot(document: Record<string, unknown>, name: string): Edit {
  const film = structuredClone(document) as unknown as Film;
  const shot = shots(film)[0]!;
  const effect = film.effects[shot.id]!;
  const words = `renamed the first shot “${effect.name}” to “${name}”`;
  effect.name = name;
  return { document: film as never, words };
}

/** Trims a fifth off the tail of the last shot. */
export function trimLastShot(document: Record<string, unknown>): Edit {
  const film = structuredClone(document) as unknown as Film;
  const shot = shots(film).at(-1)!;
  const before = shot.end - shot.start;
  shot.end = shot.start + before * 0.8;
  film.editorState.timelineItems[shot.id]!.duration = shot.end - shot.start;
  const name = film.effects[shot.id]!.name;
  return {
    document: film as never,
    words: `trimmed “${name}” from ${before.toFixed(2)} s to ${(shot.end - shot.start).toFixed(2)} s`,
  };
}

/** The names and lengths of all shots, in order: what the merge is checked by. */
export function cutList(document: Record<string, unknown>): { name: string; seconds: number }[] {
  const film = document as unknown as Film;
  return shots(film).map((shot) => ({ name: film.effects[shot.id]!.name, seconds: shot.end - shot.start }));
}

function shots(film: Film): Film['editorData'][number]['actions'] {
  return film.editorData.flatMap((row) => row.actions).filter((action) => Object.hasOwn(film.effects, action.id));
}
