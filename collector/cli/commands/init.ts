import { initBook } from '../../operations/init.ts';
import { type CommandContext, givenFolder } from '../context.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook init`: sets up the given folder, or the one we are in. */
export async function run(context: CommandContext<'init'>): Promise<undefined> {
  const { out } = context;
  const root = givenFolder(context) ?? context.cwd;
  const files = initBook(root, { force: context.options.force });
  if (context.json) return out.printJson({ root, files });
  if (context.quiet) return undefined;
  const { good, faint, strong } = out.palette;
  const rows = files.map(({ path, state, note }) => [state, path, note]);
  const lines = formatColumns(rows, [
    { paint: (text) => (text.startsWith('kept') ? faint(text) : good(text)) },
    {},
    { paint: faint, flexible: true },
  ]);
  for (const line of lines) out.print(line);
  out.note('');
  out.note(
    `Next: ${strong('daybook periodic')} takes a snapshot, ${strong('daybook action deploy target=production')} records an action,`,
  );
  out.note(`${strong('daybook build --open')} shows them.`);
  return undefined;
}
