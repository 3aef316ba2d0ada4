import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { type StandardName, standards } from '../../documents/standards.ts';
import {
  type DocumentsRequest,
  type DocumentsResult,
  exportDocuments,
} from '../../operations/documents/export-documents.ts';
import { writeTextFile } from '../../operations/text-file.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSince } from '../since.ts';

/** `daybook export … --as <standard>`: runs or actions as documents that other tools read. */
export async function exportAs(
  context: CommandContext<'export'>,
  standard: StandardName,
): Promise<undefined> {
  const { out, options, clock, cwd, json } = context;
  const [what] = context.arguments;
  checkOptions(options, standard, what);
  const { output } = options;
  const path = output === undefined ? undefined : resolve(cwd, output);
  const request: Omit<DocumentsRequest, 'write'> = {
    root: bookRootOf(context),
    standard,
    what,
    sinceUs: parseSince(options.since, clock.nowUs()),
    path,
    nowUs: clock.nowUs(),
    signal: context.interruptSignal(),
    build: daybookBuild,
  };
  const isFolder = standards[standard].form === 'folder';
  const print = (text: string) => out.print(text.trimEnd());
  const done =
    path === undefined || isFolder
      ? await exportDocuments({ ...request, write: print })
      : await writeTextFile(path, (write) => exportDocuments({ ...request, write }));
  if (output === undefined) return undefined;
  if (json) return out.printJson({ as: standard, output: path, ...done });
  for (const line of saidOf(done, standard, visibleText(output))) out.note(line);
  return undefined;
}

function checkOptions(
  { output, format, plain }: CommandContext<'export'>['options'],
  standard: StandardName,
  what: string,
): void {
  if (format !== undefined || plain)
    throw new DaybookError('usage', 'Expected --as alone: --format and --plain are for views.', {
      hint: `For example: daybook export ${what} --as ${standard}`,
    });
  if (standards[standard].form === 'folder' && output === undefined)
    throw new DaybookError('usage', `Expected --output with ${standard}, which is a folder.`, {
      hint: `For example: daybook export ${what} --as ${standard} --output ${standard}`,
    });
}

function* saidOf(
  { records, documents, of, crate }: DocumentsResult,
  standard: string,
  output: string,
): Generator<string> {
  const what = of === 'runs' ? 'run' : 'action';
  yield `${plural(records, what)} as ${standard} in ${output}`;
  if (records > 0 && documents === 0)
    yield `No document: ${standard} wants to know when something was, and no file of ${records === 1 ? 'it' : 'them'} says so.`;
  if (crate === undefined) return;
  yield `${plural(crate.files, 'file')} copied.`;
  if (crate.named.length === 0) return;
  const few = crate.named.slice(0, 5).map((name) => visibleText(name));
  const rest = crate.named.length > few.length ? ` and ${crate.named.length - few.length} more` : '';
  yield `Named and not copied, because it is not in the book or not what was recorded: ${few.join(', ')}${rest}`;
}
