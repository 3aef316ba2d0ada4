import { DaybookError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { listImports, removeImport } from '../../store/imported-log.ts';

/** Takes an import out of the book again; what was imported twice and came by an earlier one stays. @throws DaybookError `not-found`. */
export function undoImport(root: string, id: string): { id: string; bytes: number } {
  const imports = listImports(root);
  const found = imports.find((each) => each.id === id);
  if (found !== undefined) {
    removeImport(root, id);
    return { id, bytes: found.bytes };
  }
  const ids = imports.map((each) => each.id);
  const near = nearest(id, ids);
  throw new DaybookError('not-found', `There is no import "${showText(id)}" in this book.`, {
    hint: near === undefined ? 'daybook import --list shows those that there are.' : `Did you mean ${near}?`,
  });
}
