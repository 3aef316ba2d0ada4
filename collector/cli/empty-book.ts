import { noteElsewhere } from './elsewhere.ts';
import type { Output } from './output.ts';

/** What to say where there is nothing to show yet: where the book lies, or which command to run next. */
export async function noteEmpty(
  what: 'actions' | 'snapshots',
  root: string,
  out: Output,
): Promise<undefined> {
  if (await noteElsewhere(root, out)) return undefined;
  const { strong } = out.palette;
  if (what === 'actions') {
    out.print(`No actions yet. Record the first one: ${strong('daybook action note "hello"')}`);
  } else {
    out.print(`No snapshots yet. Take the first one: ${strong('daybook periodic')}`);
  }
  return undefined;
}
