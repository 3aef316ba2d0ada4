import { basename, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { isImported } from '../../formats/imports/imported.ts';
import { importKinds } from '../../formats/imports/kinds.ts';
import { type Mapping, mappingText, parseMapping } from '../../formats/imports/mapping.ts';
import { type ImportResult, importActions, type Proposal } from '../../operations/imports/import-actions.ts';
import { undoImport } from '../../operations/imports/undo-import.ts';
import { listImports } from '../../store/imported-log.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

type Context = CommandContext<'import'>;

/** `daybook import`: what happened elsewhere becomes actions of the book. */
export async function run(context: Context): Promise<number | undefined> {
  const { options, json, out, cwd, clock } = context;
  const [path] = context.arguments;
  const root = bookRootOf(context);
  if (options.list) return printList(root, context);
  if (options.undo !== undefined) return printUndone(root, options.undo, context);
  if (path === undefined)
    throw new DaybookError('usage', 'Expected what to import: a file, a folder of Upptime, or "-".', {
      hint: 'For example: daybook import events.jsonl',
    });
  const result = await importActions({
    root,
    path: path === '-' ? path : resolve(cwd, path),
    stdin: () => context.stdin(),
    kind: importKinds.find(({ name }) => name === options.as),
    mapping: mappingOf(options.map),
    type: options.type ?? typeFor(path),
    isDryRun: options['dry-run'],
    clock,
    progress: (count) => out.progress(`${count} records read`),
  });
  out.progress();
  if (json) out.printJson(result);
  if ('proposal' in result) return json ? 1 : printProposal(result, path, context);
  if (!json) printResult(result, context);
  return result.rejectedTotal > 0 ? 1 : 0;
}

function mappingOf(text: string | undefined): Mapping | undefined {
  if (text === undefined) return undefined;
  const { mapping, problem } = parseMapping(text);
  if (problem === undefined) return mapping;
  throw new DaybookError('usage', `Expected part=member pairs at --map, but ${problem}.`, {
    hint: 'For example: --map time=ts,type=event,status=result',
  });
}

const typeFor = (path: string) => (path === '-' ? 'event' : basename(path).replace(/\.[a-z]+$/i, ''));

function printProposal({ proposal, records, example }: Proposal, path: string, { out }: Context): number {
  if (records === 0) {
    out.note('Nothing to import: no record in it.');
    return 1;
  }
  if (proposal === undefined) {
    out.warn('No kind that is known, and no member of its records is a time: say which with --map time=…');
    return 1;
  }
  out.note(
    `No kind that is known. Of the first ${plural(records, 'record')} this can be read; nothing is imported yet:`,
  );
  out.print(`daybook import ${path} --map ${mappingText(proposal)}`);
  if (example !== undefined && isImported(example))
    out.note(
      `The first would be: ${formatTime(example.atUs)}  ${visibleText(example.type)}  ${visibleText(example.status)}`,
    );
  return 1;
}

function printResult(result: ImportResult, { out, options, quiet }: Context): void {
  const { id, kind, imported, known, rejected, rejectedTotal, firstUs, lastUs } = result;
  for (const { from, expected, found } of rejected)
    out.warn(
      `${out.errorPalette.bad('rejected')} ${visibleText(from)}: expected ${visibleText(expected)}, found ${visibleText(found)}`,
    );
  if (rejectedTotal > rejected.length) out.warn(`… and ${rejectedTotal - rejected.length} more`);
  if (quiet) return;
  const verb = options['dry-run'] ? 'would be imported' : 'imported';
  const span = firstUs === undefined ? '' : `, from ${formatTime(firstUs)} to ${formatTime(lastUs)}`;
  out.print(`${plural(imported, 'line')} ${verb} as ${kind}${span}`);
  if (known > 0) out.note(`${plural(known, 'line')} known from an earlier import.`);
  if (id !== undefined) out.note(`daybook import --undo ${id} takes them back.`);
}

function printList(root: string, { out, json }: Context): undefined {
  const imports = listImports(root);
  if (json) return out.printJson(imports);
  for (const { id, bytes } of imports) out.print(`${id}  ${formatBytes(bytes)}`);
  if (imports.length === 0) out.note('Nothing has been imported into this book.');
  return undefined;
}

function printUndone(root: string, id: string, { out, json }: Context): undefined {
  const undone = undoImport(root, id);
  if (json) return out.printJson(undone);
  out.note(`${undone.id} is taken out of the book (${formatBytes(undone.bytes)}).`);
  return undefined;
}
