import { plural } from '../../base/format/words.ts';
import { jsonText } from '../../base/json/text.ts';
import { ellipsis, visibleText } from '../../base/terminal.ts';
import type { EntryVerdict, ReceiptVerdict } from '../../formats/receipts/record.ts';
import type { Output, Palette } from '../output.ts';

const maxFilesShown = 10;
const maxReceiptsShown = 5;

/** All receipts in one line: how many hold, are reproducible, are broken, cannot be proven. */
export function verdictCounts(verdicts: readonly ReceiptVerdict[], palette: Palette): string {
  if (verdicts.length === 0) return 'No receipts in this book.';
  const some = (state: ReceiptVerdict['state'], isEmpty?: boolean) =>
    verdicts.filter(
      (each) => each.state === state && (isEmpty === undefined || (each.entries.length === 0) === isEmpty),
    ).length;
  const hold = some('matches');
  const parts = [
    [hold, hold === 1 ? 'holds' : 'hold', palette.good],
    [some('reproducible'), 'reproducible (the work tree has moved on)', palette.active],
    [some('differs'), 'broken', palette.bad],
    [some('unproven', false), 'not provable', palette.warning],
    [some('unproven', true), 'with nothing to check', palette.faint],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, word, paint]) => paint(`${count} ${word}`));
  return `${plural(verdicts.length, 'receipt')}: ${told.join(', ')}`;
}

/** The colour of a verdict. */
export function verdictPaint(state: ReceiptVerdict['state'], palette: Palette): (text: string) => string {
  const { good, active, bad, warning } = palette;
  return { matches: good, reproducible: active, differs: bad, unproven: warning }[state];
}

/** The colour of how one entry stands. */
export function entryPaint(state: EntryVerdict['state'], palette: Palette): (text: string) => string {
  const { good, active, bad, warning } = palette;
  return { unchanged: good, moved: active, changed: bad, missing: bad, uncheckable: warning }[state];
}

/** The first of the files that differ. */
export function printFiles(files: EntryVerdict['files'], out: Output): void {
  for (const { path, change } of files.slice(0, maxFilesShown))
    out.print(`      ${out.palette.faint(change.padEnd(7))}  ${visibleText(path)}`);
  const more = files.length - maxFilesShown;
  if (more > 0) out.print(out.palette.faint(`      … and ${more} more; --json lists them`));
}

/** The same thing, noticed for several receipts. */
interface Group {
  entry: EntryVerdict;
  files: string[];
  /** Whether the same of its files differ for all of them. */
  isSame: boolean;
}

const order: EntryVerdict['state'][] = ['changed', 'missing', 'uncheckable', 'moved'];

/** What is not as it was, each difference once with the receipts it concerns; broken things first. */
export function printGroups(verdicts: readonly ReceiptVerdict[], out: Output): void {
  const groups = groupsOf(verdicts);
  for (const state of order)
    for (const group of groups.filter(({ entry }) => entry.state === state)) printGroup(group, out);
  const filesOf = (state: ReceiptVerdict['state'], isEmpty: boolean) =>
    verdicts.filter((each) => each.state === state && (each.entries.length === 0) === isEmpty);
  const { good, faint } = out.palette;
  printReceipts(`${good('●')} as recorded`, filesOf('matches', false), out);
  printReceipts(faint('– neither code nor data nor previous stages named'), filesOf('unproven', true), out);
}

function printReceipts(title: string, verdicts: readonly ReceiptVerdict[], out: Output): void {
  if (verdicts.length === 0) return;
  out.print(title);
  printNames(
    verdicts.map(({ file }) => file),
    out,
  );
}

/** Folded beyond the first few. */
function printNames(files: readonly string[], out: Output): void {
  const shown = files.slice(0, maxReceiptsShown).map((file) => visibleText(file));
  const rest = files.length - shown.length;
  const more = rest > 0 ? out.palette.faint(` and ${rest} more; --json lists them`) : '';
  out.print(`    ${shown.join(', ')}${more}`);
}

function groupsOf(verdicts: readonly ReceiptVerdict[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { file, entries } of verdicts)
    for (const entry of entries) {
      if (entry.state === 'unchanged') continue;
      const { part, name, state, why, files } = entry;
      // The further back, the more files differ: that the code has moved on is one thing.
      const detail = state === 'moved' ? [] : [why, files];
      const key = jsonText([part, part === 'receipt' ? file : name, state, ...detail]);
      const group = groups.get(key) ?? { entry, files: [], isSame: true };
      if (jsonText([why, files]) !== jsonText([group.entry.why, group.entry.files])) group.isSame = false;
      group.files.push(file);
      groups.set(key, group);
    }
  return [...groups.values()];
}

const marks = { changed: '✕', missing: '✕', uncheckable: '?', moved: '○', unchanged: '●' } as const;

function printGroup({ entry, files, isSame }: Group, out: Output): void {
  const { palette } = out;
  const { state, why } = entry;
  const more = why === undefined || !isSame ? '' : palette.faint(` (${visibleText(why)})`);
  const count = files.length === 1 ? '' : `: ${plural(files.length, 'receipt')}`;
  out.print(`${entryPaint(state, palette)(marks[state])} ${sentenceOf(entry)}${more}${count}`);
  if (entry.part !== 'receipt') printNames(files, out);
  if (isSame) printFiles(entry.files, out);
}

function sentenceOf({ part, name, state }: EntryVerdict): string {
  const what = ellipsis(visibleText(name), 60);
  if (part === 'receipt') return `${what} is damaged`;
  const thing = part === 'stage' ? `the run.lock of ${what}` : `the ${part} of ${what}`;
  const named = part === 'data' ? `the data ${what}` : thing;
  const words = {
    moved: 'has moved on',
    changed: 'is not what it was',
    missing: 'is missing',
    uncheckable: 'cannot be proven',
    unchanged: 'is as it was',
  };
  return `${named} ${words[state]}`;
}
