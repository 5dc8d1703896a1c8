import { isRawNumber } from './exact-json.js';

/** The film as the editor keeps it: one JSON object, whose keys nobody but the editor needs to know. */
export type Document = Record<string, unknown>;

/** Whether a value is a JSON object, as every document is. */
export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

/** A field of what is a JSON object and has it. */
export function fieldOf(thing: unknown, field: string): unknown {
  return isDocument(thing) && Object.hasOwn(thing, field) ? thing[field] : undefined;
}

/**
 * What of a workspace belongs into a commit: all but the noise of the person who edits it (the layout of the windows,
 * running generations, markers drawn for display). The very same object when there is no noise in it.
 */
export function committable(workspace: Document): Document {
  const document = withoutNoise(workspace);
  const rows = document.editorData;
  if (!Array.isArray(rows) || !rows.some(holdsMarkers)) return document;
  return { ...document, editorData: rows.filter((row) => !isMarkerRow(row)).map(withoutMarkers) };
}

/** The document with the window layout and the running generations of that workspace in place of its own. */
export function withNoiseOf(document: Document, workspace: Document): Document {
  const quiet = withoutNoise(document);
  const withLayout = Object.hasOwn(workspace, 'editorUi') ? { ...quiet, editorUi: workspace.editorUi } : quiet;
  const state = workspace.editorState;
  if (!isDocument(state) || !Object.hasOwn(state, 'generationTasks')) return withLayout;
  const ownState = withLayout.editorState ?? {};
  if (!isDocument(ownState)) return withLayout;
  return { ...withLayout, editorState: { ...ownState, generationTasks: state.generationTasks } };
}

/** The noise of a workspace alone: all that `withNoiseOf` takes of it. */
export function noiseOf({ editorUi, editorState: state }: Document): Document {
  const tasks = isDocument(state) && Object.hasOwn(state, 'generationTasks') ? state.generationTasks : undefined;
  return {
    ...(editorUi !== undefined && { editorUi }),
    ...(tasks !== undefined && { editorState: { generationTasks: tasks } }),
  };
}

function withoutNoise(workspace: Document): Document {
  const { editorUi: _layout, ...document } = workspace;
  const state = document.editorState;
  if (!isDocument(state) || !Object.hasOwn(state, 'generationTasks')) {
    return Object.hasOwn(workspace, 'editorUi') ? document : workspace;
  }
  const { generationTasks: _tasks, ...lastingState } = state;
  if (Object.keys(lastingState).length > 0) return { ...document, editorState: lastingState };
  const { editorState: _nothingElse, ...rest } = document;
  return rest;
}

/** The id of the row that holds nothing but markers, and how the ids of markers begin. */
export const MARKER_ROW = '__markers__';
export const MARKER_PREFIX = '__marker_';

const isMarkerRow = (row: unknown): boolean => isDocument(row) && row.id === MARKER_ROW;

const isMarker = (action: unknown): boolean =>
  isDocument(action) && typeof action.id === 'string' && action.id.startsWith(MARKER_PREFIX);

const hasMarkerActions = (row: unknown): row is { actions: unknown[] } =>
  isDocument(row) && Array.isArray(row.actions) && row.actions.some(isMarker);

const holdsMarkers = (row: unknown): boolean => isMarkerRow(row) || hasMarkerActions(row);

const withoutMarkers = (row: unknown): unknown =>
  hasMarkerActions(row) ? { ...row, actions: row.actions.filter((action) => !isMarker(action)) } : row;
