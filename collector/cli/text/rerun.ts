import { shellWords } from '../../base/format/shell-words.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import type { Rerun, RerunPlan } from '../../operations/rerun/rerun.ts';
import type { ResultEntry } from '../../operations/rerun/verdict.ts';
import type { Output, Palette } from '../output.ts';
import { formatColumns } from './columns.ts';

/** What a rerun came to, for reading: what was compared line by line, then the verdict with its reasons. */
export function formatRerun(done: Rerun, out: Output): string[] {
  const { of, run, verdict, reasons, entries, environment, error, left, folder } = done;
  const { palette } = out;
  const rows = entries.map(({ part, name, state, why }) =>
    [state, part === 'exit' ? '' : part, name, why ?? ''].map((text) => visibleText(text)),
  );
  const table = formatColumns(
    rows,
    [{ paint: (text, row) => paintOf(entries[row]!.state, palette)(text) }, {}, {}, { flexible: true }],
    out.width,
  );
  const isBad = verdict === 'different' || verdict === 'inconclusive';
  const hints = [
    ...(isBad && error !== undefined ? [`The command said: ${error}`] : []),
    ...(isBad && environment.length > 0 ? [`Not as it was: ${environment.join('; ')}`] : []),
    ...(isBad && left > 0 && folder === undefined
      ? [`${plural(left, 'other file')} that it wrote went with its folder; --keep <folder> keeps them.`]
      : []),
  ];
  const place = folder === undefined ? '' : `; it ran in ${folder}`;
  return [
    ...table,
    `${paintOf(verdict, palette)(verdict)}  ${reasons.map((text) => visibleText(text)).join(' ')}`,
    ...hints.map((text) => palette.faint(visibleText(text))),
    palette.faint(visibleText(`${run} repeats ${of}${place}`)),
  ];
}

/** What a rerun would do, for reading. */
export function formatPlan({ recorded, run, doubts, notes, inputs }: RerunPlan, out: Output): string[] {
  const { palette } = out;
  const { run: first, command, cwdText, repos, variables, masked } = recorded;
  const code = Object.entries(repos).map(
    ([name, { path, commit, tree }]) => `${name} (${path ?? '.'}) at ${(commit ?? tree ?? '').slice(0, 12)}`,
  );
  const named = Object.keys(variables);
  const rows = [
    ['would run', shellWords(command)],
    ['in', cwdText],
    ['code', code.join(', ')],
    ...(inputs.same.length > 0 ? [['data', `${inputs.same.join(', ')}: as recorded`]] : []),
    ...(named.length > 0 ? [['variables', named.join(', ')]] : []),
    ...(masked.length > 0 ? [['masked', masked.join(', ')]] : []),
    ['new run', `${run}, repeating ${first.key}`],
  ].map((row) => row.map((text) => visibleText(text)));
  return [
    ...formatColumns(rows, [{ paint: (text) => palette.faint(text) }, { flexible: true }], out.width),
    ...doubts.map((text) => `${palette.warning('inconclusive')}  ${visibleText(text)}`),
    ...notes.map((text) => palette.faint(visibleText(text))),
  ];
}

function paintOf(word: ResultEntry['state'] | Rerun['verdict'], palette: Palette): (text: string) => string {
  if (word === 'same' || word === 'within tolerance') return palette.good;
  return word === 'different' ? palette.bad : palette.warning;
}
