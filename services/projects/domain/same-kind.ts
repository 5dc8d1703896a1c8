type Document = Readonly<Record<string, unknown>>;

/**
 * Whether a saved workspace is the same kind of document as a committed snapshot, so that committing the one after the
 * other loses nothing: every section of the snapshot is there. A command line that commits a list of files beside an
 * editor's workspace keeps two kinds on one branch, and they must not replace each other.
 */
export function isSameKind(workspace: Document, snapshot: Document | undefined): boolean {
  return snapshot === undefined || Object.keys(snapshot).every((section) => Object.hasOwn(workspace, section));
}
