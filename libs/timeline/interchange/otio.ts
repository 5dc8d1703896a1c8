import type { Document } from '../document.js';
import { documentOfShots, type ImportOptions } from './document-of-shots.js';
import type { Loss } from './losses/loss.js';
import { timeOf } from './losses/loss-places.js';
import type { Losses } from './losses/losses.js';
import { layOut, placeOfNode, type LaidClip } from './otio-layout.js';
import { idsOf, mediaIn, notesOf } from './otio-media.js';
import { OtioNode } from './otio-node.js';
import type { Shot } from './shot.js';

/**
 * Reads a film from an OpenTimelineIO file into a workspace document, and reports what of the file has no place there. Ids that the film had when it was written are kept.
 */
export function timelineFromOtio(otio: unknown, options: ImportOptions): { document: Document; losses: Loss[] } {
  const root = OtioNode.of(otio);
  const { rows, clips, losses } = layOut(root);
  const shots = clips.map((clip) => shotOf(clip, losses));
  const document = documentOfShots({ rows, shots, story: root.notes.story }, options);
  return { document, losses: losses.report };
}

function shotOf({ node, scene: around, ...laid }: LaidClip, losses: Losses): Shot {
  const media = mediaIn(node, laid.row.kind, (code, values) => {
    const place = { ...placeOfNode(node), row: laid.row.name, ...timeOf(laid.start, [laid.rate]) };
    losses.add(code, { place, ...(values && { values }) });
  });
  const { scene = around, ...story } = notesOf(node);
  return { ...laid, name: node.name, media, story: { scene, ...story }, ids: idsOf(node) };
}
