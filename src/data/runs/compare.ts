import { formatNumber } from '../../../collector/base/format/number.ts';
import { didNotSucceed, directionOf, recordedDirection } from '../browser.ts';
import type { CodeChanges, CommitChanges } from './code-changes.ts';
import {
  type CompareRow,
  codeRows,
  dataRows,
  environmentOf,
  fieldRows,
  parentsText,
  plainRow,
  recordRows,
} from './compare-rows.ts';
import { shareText } from './share-text.ts';
import type { RunDetails, RunSeries, RunsSummary } from './types.ts';

export type { CompareRow, CompareValue } from './compare-rows.ts';

/** One run with its series, as a comparison takes it. */
export interface ComparedRun {
  run: RunDetails;
  series: RunSeries[];
}

/** Lines that belong together. */
export interface CompareSection {
  title: string;
  rows: CompareRow[];
}

/** More runs than this side by side are not read any more. */
export const maxCompared = 20;

/** Everything that can be compared, with what differs marked; sections without rows are left out. */
export function compareRuns(
  compared: readonly ComparedRun[],
  known: CodeChanges = {},
  commits: CommitChanges = {},
): CompareSection[] {
  const runs = compared.map(({ run }) => run);
  const sections: CompareSection[] = [
    { title: 'Outcome', rows: fieldRows('Outcome', runs) },
    { title: 'Metrics', rows: metricRows(compared) },
    { title: 'Parameters', rows: recordRows(runs.map(({ params }) => params)) },
    { title: 'Code', rows: codeRows(runs, known, commits) },
    { title: 'Data', rows: dataRows(runs) },
    { title: 'Made from', rows: [plainRow('made from', runs.map(parentsText))] },
    { title: 'Environment', rows: recordRows(runs.map(environmentOf)) },
  ];
  return sections
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter(({ values }) => values.some((value) => value !== undefined)),
    }))
    .filter(({ rows }) => rows.length > 0);
}

/** What a comparison shows when nothing is chosen: the newest runs of a name that has several with metrics, else with parameters. */
export function defaultComparison(runs: RunsSummary): string[] {
  const tests: ((view: RunsSummary['views'][number]) => boolean)[] = [
    (view) => Number(view.more['series'] ?? 0) > 0,
    (view) => Object.keys(view.metrics).length > 0,
    (view) => Object.keys(view.params).length > 1,
    () => true,
  ];
  for (const isTelling of tests) {
    const families = new Map<string, string[]>();
    for (const view of runs.views) {
      if (!isTelling(view)) continue;
      const family = families.get(view.identifier) ?? [];
      families.set(view.identifier, family);
      family.push(view.slug);
    }
    const several = [...families.values()].find((family) => family.length > 1);
    if (several !== undefined) return several.slice(0, 4);
  }
  return runs.views.slice(0, 4).map(({ slug }) => slug);
}

/** The letter of a run in a comparison: it stands in the head of its column, in legends and at the ends of its curves. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + (index % 26));
}

function metricRows(compared: readonly ComparedRun[]): CompareRow[] {
  const runs = compared.map(({ run }) => run);
  const records = compared.map(({ run, series }) => {
    const all = new Map<string, number>(Object.entries(run.metrics));
    for (const one of series) {
      const last = one.values.at(-1);
      if (last !== undefined && !all.has(one.name)) all.set(one.name, last);
    }
    return all;
  });
  const names = [...new Set(records.flatMap((record) => [...record.keys()]))];
  // What a failed run reached is no result, unless only such runs are held against each other.
  const areAllOut = runs.every(didNotSucceed);
  const isRanked = runs.map((run) => areAllOut || !didNotSucceed(run));
  return names.map((name) => {
    const values = records.map((record) => record.get(name));
    const ranked = values.map((value, at) => (isRanked[at] ? value : undefined));
    const words = wordsOf(ranked, recordedDirection(runs, name), directionOf(name));
    return {
      name,
      values: values.map((value, at) =>
        value === undefined
          ? undefined
          : {
              text: formatNumber(value),
              whole: String(value),
              word: words[at],
              isNumber: true,
              ...shareOf(value, at === 0 ? undefined : values[0]),
            },
      ),
      differs: values.some((value) => !Object.is(value, values[0])),
    };
  });
}

function shareOf(value: number, from: number | undefined): { share?: string } {
  const share = from === undefined ? '' : shareText(value, from);
  return share === '' ? {} : { share };
}

/** What is said where nothing but the name of a metric says what is better. */
export const guessedWord = 'likely best';

/** Which values of a metric are the best, in a word; none where all are equal or only one is there. */
function wordsOf(
  values: (number | undefined)[],
  recorded: 'min' | 'max' | undefined,
  guessed: 'min' | 'max' | undefined,
): (string | undefined)[] {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  if (finite.length < 2 || least === most) return values.map(() => undefined);
  const direction = recorded ?? guessed;
  const word = recorded === undefined ? guessedWord : 'best';
  const isAlone = (value: number) => finite.filter((one) => one === value).length === 1;
  return values.map((value) => {
    if (direction === undefined)
      return value === most && isAlone(most)
        ? 'highest'
        : value === least && isAlone(least)
          ? 'lowest'
          : undefined;
    return value === (direction === 'min' ? least : most) ? word : undefined;
  });
}
