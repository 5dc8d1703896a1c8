import type { VNEvent } from '#libs/contracts/tasks-vn';
import { flatEvents } from '../domain/vn/flat-events.js';
import { parseScript } from '../domain/vn/parse-script.js';
import type { Engine, Problem } from '../domain/vn/script.js';
import { storyGraph, type StoryEdge, type StoryNode } from '../domain/vn/story-graph.js';

/** All that is understood of one script. */
export interface ScriptRead {
  engine: Engine;
  events: VNEvent[];
  problems: Problem[];
  graph: { nodes: StoryNode[]; edges: StoryEdge[] };
}

/** What a thread is asked. */
export interface ScriptQuestion {
  readonly way: 'read' | 'preview';
  readonly engine: Engine;
  readonly text: string;
}

/** Reads a script whole: its events, how its labels lead to one another, and what is wrong with it. */
export function readScript(engine: Engine, text: string): ScriptRead {
  const script = parseScript(engine, text);
  const { nodes, edges, problems } = storyGraph(script);
  return { engine, events: flatEvents(script), problems: [...script.problems, ...problems], graph: { nodes, edges } };
}

/** As `readScript`, without the graph and its problems. */
export function previewScript(engine: Engine, text: string): Pick<ScriptRead, 'engine' | 'events' | 'problems'> {
  const script = parseScript(engine, text);
  return { engine, events: flatEvents(script), problems: [...script.problems] };
}
