import { plural } from '../base/format/words.ts';
import { visibleText } from '../base/terminal.ts';
import type { Output } from './output.ts';

/** Says it where the book lies on a branch of its own and has not been brought here; whether there was anything to say. */
export async function noteElsewhere(root: string, out: Output): Promise<boolean> {
  // Much code that is hardly ever needed.
  const { findElsewhere } = await import('../operations/sync/branch/elsewhere.ts');
  const found = await findElsewhere(root);
  if (found === undefined) return false;
  const { strong } = out.errorPalette;
  const lies = found.isGuess
    ? `may lie on the branch ${visibleText(found.name)}, which was not fetched`
    : `lies on the branch ${visibleText(found.name)} and is not here yet`;
  const brings = found.isGuess ? 'brings it where there is one' : 'brings it';
  out.note(`The book ${lies}: ${strong('daybook sync --restore')} ${brings}.`);
  return true;
}

/** Brings the book from a branch of its own before it is shown, where the branch is in this repository; else says where it lies. */
export async function bringBook(root: string, out: Output): Promise<void> {
  const { findElsewhere } = await import('../operations/sync/branch/elsewhere.ts');
  const found = await findElsewhere(root);
  if (found === undefined) return;
  if (found.ref === undefined) return void (await noteElsewhere(root, out));
  const { restoreBook } = await import('../operations/sync/branch/restore.ts');
  const restored = await restoreBook(root, { branch: found.branch, from: found.ref });
  if (restored === undefined) return;
  const { received, notes } = restored;
  out.note(`Brought the book from the branch ${visibleText(found.name)}: ${plural(received, 'file')}.`);
  for (const note of notes) out.note(visibleText(note));
}
