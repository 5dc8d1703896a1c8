import type { Document } from '../document.js';
import { documentOfShots, type ImportOptions } from './document-of-shots.js';
import { layOut, type LaidClip } from './otio-layout.js';
import { idsOf, mediaIn, notesOf } from './otio-media.js';
import { OtioNode } from './otio-node.js';
import type { Shot } from './shot.js';

/**
 * Reads a film from an OpenTimelineIO file into a workspace document, and tells in plain sentences what of the file has
 * no place there. Ids that the film had when it was written are kept.
 */
export function timelineFromOtio(otio: unknown, options: ImportOptions): { document: Document; losses: string[] } {
  const root = OtioNode.of(otio);
  const { rows, clips, losses } = layOut(root);
  const read = clips.map(shotOf);
  const document = documentOfShots({ rows, shots: read.map(({ shot }) => shot), story: root.notes.story }, options);
  return { document, losses: [...new Set([...losses, ...read.flatMap(({ loss }) => loss ?? [])])] };
}

function shotOf({ node, scene: around, ...laid }: LaidClip): { shot: Shot; loss?: string } {
  const { loss, ...media } = mediaIn(node, laid.row.kind);
  const { scene = around, ...story } = notesOf(node);
  return {
    shot: { ...laid, name: node.name, media, story: { scene, ...story }, ids: idsOf(node) },
    ...(loss && { loss }),
  };
}
