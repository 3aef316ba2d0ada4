import { DaybookError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { listImports, removeImport } from '../../store/imported-log.ts';
import { listImportedRuns, removeImportedRun } from '../../store/imported-runs.ts';

/** An import of a book: bytes of lines of the log that it brought, and how many runs. */
export interface ImportListed {
  id: string;
  bytes: number;
  runs: number;
}

/** The imports of a book, the oldest first. */
export function allImports(root: string): ImportListed[] {
  const imports = new Map<string, ImportListed>();
  for (const { id, bytes } of listImports(root)) imports.set(id, { id, bytes, runs: 0 });
  for (const { run } of listImportedRuns(root)) {
    const known = imports.get(run.import) ?? { id: run.import, bytes: 0, runs: 0 };
    imports.set(run.import, { ...known, runs: known.runs + 1 });
  }
  return [...imports.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Takes an import out of the book again; what came by an earlier one stays. @throws DaybookError `not-found`. */
export function undoImport(root: string, id: string): ImportListed {
  const imports = allImports(root);
  const found = imports.find((each) => each.id === id);
  if (found === undefined) {
    const ids = imports.map((each) => each.id);
    const near = nearest(id, ids);
    throw new DaybookError('not-found', `There is no import "${showText(id)}" in this book.`, {
      hint:
        near === undefined ? 'daybook import --list shows those that there are.' : `Did you mean ${near}?`,
    });
  }
  if (found.bytes > 0) removeImport(root, id);
  for (const { folder, run } of listImportedRuns(root))
    if (run.import === id) removeImportedRun(root, folder);
  return found;
}
