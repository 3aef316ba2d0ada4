import { globSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { formatBytes, formatCount } from '../../base/format/number.ts';
import { shellWords } from '../../base/format/shell-words.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import { showText } from '../../base/show.ts';
import { visibleText } from '../../base/terminal.ts';
import { isImported } from '../../formats/imports/imported.ts';
import { importKinds } from '../../formats/imports/kinds.ts';
import { type Mapping, mappingText, parseMapping } from '../../formats/imports/mapping.ts';
import { type ImportResult, importActions, type Proposal } from '../../operations/imports/import-actions.ts';
import { newImportId } from '../../operations/imports/import-id.ts';
import { importRuns } from '../../operations/imports/import-runs.ts';
import { allImports, type ImportListed, undoImport } from '../../operations/imports/undo-import.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

type Context = CommandContext<'import'>;

/** `daybook import`: what happened elsewhere becomes actions of the book, runs of other programs become runs of it. */
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
  const full = path === '-' ? path : resolve(cwd, path);
  if (path !== '-' && options.as === undefined && options.map === undefined && holdsRuns(full))
    return runsInto(root, full, context);
  const result = await importActions({
    root,
    path: full,
    stdin: () => context.stdin(),
    kind: importKinds.find(({ name }) => name === options.as),
    mapping: await mappingOf(options.map, root),
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

/** Pairs, or the name of a mapping of daybook.yaml. */
async function mappingOf(text: string | undefined, root: string): Promise<Mapping | undefined> {
  if (text === undefined) return undefined;
  if (!text.includes('=')) return namedMapping(text, root);
  const { mapping, problem } = parseMapping(text);
  if (problem === undefined) return mapping;
  throw new DaybookError('usage', `Expected part=member pairs at --map, but ${problem}.`, {
    hint: 'For example: --map time=ts,type=event,status=result',
  });
}

async function namedMapping(name: string, root: string): Promise<Mapping> {
  const { imports } = (await readConfigFile(root)).config;
  const mapping = Object.hasOwn(imports, name) ? imports[name] : undefined;
  if (mapping !== undefined) return mapping;
  const names = Object.keys(imports);
  throw new DaybookError(
    'usage',
    `Expected part=member pairs at --map, or a name of imports in daybook.yaml, found "${showText(name)}".`,
    {
      hint:
        names.length === 0
          ? 'For example: --map time=ts,type=event,status=result'
          : `daybook.yaml has ${names.join(', ')}.`,
    },
  );
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
  out.print(`daybook import ${shellWords([path, '--map', mappingText(proposal)])}`);
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
  const imports = allImports(root);
  if (json) return out.printJson(imports);
  for (const each of imports) out.print(`${each.id}  ${contentOf(each)}`);
  if (imports.length === 0) out.note('Nothing has been imported into this book.');
  return undefined;
}

function printUndone(root: string, id: string, { out, json }: Context): undefined {
  const undone = undoImport(root, id);
  if (json) return out.printJson(undone);
  out.note(`${undone.id} is taken out of the book (${contentOf(undone)}).`);
  return undefined;
}

function contentOf({ bytes, runs }: ImportListed): string {
  const lines = bytes === 0 ? [] : [`${formatBytes(bytes)} of lines`];
  return [...lines, ...(runs === 0 ? [] : [plural(runs, 'run')])].join(', ');
}

/** Folders hold runs, but for Upptime's; so do databases. */
function holdsRuns(path: string): boolean {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return false;
  return facts.isDirectory()
    ? globSync('history/*.yml', { cwd: path }).length === 0
    : /\.(db|sqlite3?)$/.test(path);
}

async function runsInto(root: string, path: string, context: Context): Promise<undefined> {
  const { out, json, clock, options, quiet } = context;
  let trouble = 0;
  const result = await importRuns({
    root,
    path,
    id: newImportId(clock),
    isDryRun: options['dry-run'],
    report: ({ severity }) => {
      if (severity !== 'note') trouble += 1;
    },
    progress: (done, all) => out.progress(`${done} of ${all} runs copied`),
  });
  out.progress();
  if (json) return out.printJson(result);
  const { id, imported, known, series, points, bySource } = result;
  const sources = Object.keys(bySource).join(', ');
  const verb = options['dry-run'] ? 'would be imported' : 'imported';
  if (!quiet)
    out.print(
      `${plural(imported, 'run')} ${verb}${sources === '' ? '' : ` from ${sources}`}: ${formatCount(series)} series, ${formatCount(points)} points`,
    );
  if (known > 0) out.note(`${plural(known, 'run')} known from an earlier import.`);
  if (trouble > 0)
    out.note(`${plural(trouble, 'file')} could not be read, or only in part: daybook doctor there says why.`);
  if (imported > 0 && !options['dry-run'])
    out.note('Artifacts stay where they are; only their names, sizes and digests were copied.');
  if (id !== undefined) out.note(`daybook import --undo ${id} takes them back.`);
  return undefined;
}
