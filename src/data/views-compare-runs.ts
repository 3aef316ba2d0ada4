import { formatDuration, formatTime } from '../charts/format.ts';
import { formatNumber } from '../charts/format-number.ts';
import type { JsonValue } from './browser.ts';
import { type CodeChange, type CodeChanges, codeChange, codeKey } from './code-changes.ts';
import {
  ownValue,
  type ReceiptRepository,
  type RunDetails,
  type RunSeries,
  type RunsSummary,
} from './site-runs.ts';
import { leafView } from './views-value.ts';

/** One run with its series, as a comparison takes it. */
export interface ComparedRun {
  run: RunDetails;
  series: RunSeries[];
}

/** One line of a comparison: a value of each run, in their order. */
export interface CompareRow {
  name: string;
  /** Undefined where the run has no such value. */
  values: (CompareValue | undefined)[];
  /** Whether not all runs have the same. */
  differs: boolean;
}

/** A value as it is printed; `whole` is what was recorded, where the text is shorter. */
export interface CompareValue {
  text: string;
  whole: string | undefined;
  /** "best", "highest" or "lowest" of its row. */
  word: string | undefined;
  isNumber: boolean;
  /** What differs from the first run's code, where the row is about code and it is known. */
  files?: CodeChange | undefined;
}

/** Lines that belong together. */
export interface CompareSection {
  title: string;
  rows: CompareRow[];
}

/** More runs than this side by side are not read any more. */
export const mostCompared = 12;

/** Everything that can be compared, with what differs marked; sections without rows are left out. */
export function compareRuns(compared: readonly ComparedRun[], known: CodeChanges = {}): CompareSection[] {
  const runs = compared.map(({ run }) => run);
  const sections: CompareSection[] = [
    { title: 'Outcome', rows: outcomeRows(runs) },
    { title: 'Metrics', rows: metricRows(compared) },
    { title: 'Parameters', rows: recordRows(runs.map(({ params }) => params)) },
    { title: 'Code', rows: codeRows(runs, known) },
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
    (view) => view.series > 0,
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

/** Whether less or more of a metric is better, as its name says; undefined where it does not. */
export function directionOf(name: string): 'min' | 'max' | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+|(?<=[a-z])(?=\d)/);
  const has = (list: string) => words.some((word) => list.split(' ').includes(word));
  if (
    has(
      'loss error err rmse mse mae mape nll perplexity ppl wer cer fid latency duration seconds ms time cost regret',
    )
  )
    return 'min';
  if (
    has(
      'acc accuracy iou miou dice f1 auc auroc precision recall map ap score bleu rouge r2 psnr ssim reward return throughput top1 top5',
    )
  )
    return 'max';
  return undefined;
}

function outcomeRows(runs: RunDetails[]): CompareRow[] {
  return [
    plainRow(
      'status',
      runs.map((run) => (run.stale === undefined ? run.status : `${run.status}, stale`)),
    ),
    plainRow(
      'time',
      runs.map((run) => (run.atUs === undefined ? undefined : formatTime(run.atUs))),
    ),
    plainRow(
      'took',
      runs.map((run) => (run.durationMs === undefined ? undefined : formatDuration(run.durationMs))),
    ),
    plainRow(
      'error',
      runs.map(({ error }) => error),
    ),
    plainRow(
      'tags',
      runs.map(({ tags }) => (tags.length === 0 ? undefined : [...tags].sort().join(', '))),
    ),
  ];
}

function metricRows(compared: readonly ComparedRun[]): CompareRow[] {
  const records = compared.map(({ run, series }) => {
    const all = new Map<string, number>(Object.entries(run.metrics));
    for (const one of series) {
      const last = one.values.at(-1);
      if (last !== undefined && !all.has(one.name)) all.set(one.name, last);
    }
    return all;
  });
  const names = [...new Set(records.flatMap((record) => [...record.keys()]))];
  return names.map((name) => {
    const values = records.map((record) => record.get(name));
    const words = wordsOf(name, values);
    return {
      name,
      values: values.map((value, at) =>
        value === undefined
          ? undefined
          : { text: formatNumber(value), whole: String(value), word: words[at], isNumber: true },
      ),
      differs: values.some((value) => !Object.is(value, values[0])),
    };
  });
}

/** Which values of a metric are the best, in a word; none where all are equal or only one is there. */
function wordsOf(name: string, values: (number | undefined)[]): (string | undefined)[] {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  if (finite.length < 2 || least === most) return values.map(() => undefined);
  const direction = directionOf(name);
  const isAlone = (value: number) => finite.filter((one) => one === value).length === 1;
  return values.map((value) => {
    if (direction === undefined)
      return value === most && isAlone(most)
        ? 'highest'
        : value === least && isAlone(least)
          ? 'lowest'
          : undefined;
    return value === (direction === 'min' ? least : most) ? 'best' : undefined;
  });
}

function codeRows(runs: RunDetails[], known: CodeChanges): CompareRow[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.receipt?.repos ?? {})))];
  const of = (name: string, pick: (repository: ReceiptRepository) => string | undefined) =>
    runs.map((run) => {
      const repository = ownValue(run.receipt?.repos ?? {}, name);
      return repository === undefined ? undefined : pick(repository);
    });
  const rows = names.flatMap((name) => [
    withFiles(plainRow(`${name}: files`, of(name, codeKey)), of(name, codeKey), known),
    plainRow(
      `${name}: commit`,
      of(name, ({ head, commit }) => head ?? commit),
    ),
    plainRow(
      `${name}: branch`,
      of(name, ({ branch }) => branch),
    ),
    plainRow(
      `${name}: state`,
      of(name, ({ isDirty }) => (isDirty === undefined ? undefined : isDirty ? 'not committed' : 'clean')),
    ),
  ]);
  const field = (run: RunDetails, name: string) => {
    const value = ownValue((run.experiment ?? {}) as Record<string, JsonValue>, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  if (runs.some((run) => field(run, 'git_commit') !== undefined)) {
    rows.push(
      plainRow(
        'commit',
        runs.map((run) => field(run, 'git_commit')),
      ),
    );
    rows.push(
      plainRow(
        'branch',
        runs.map((run) => field(run, 'git_branch')),
      ),
    );
  }
  return rows;
}

/** Adds to each tree that is not the first run's what differs from it. */
function withFiles(row: CompareRow, trees: (string | undefined)[], known: CodeChanges): CompareRow {
  const [first] = trees;
  return {
    ...row,
    values: row.values.map((value, at) => {
      const tree = trees[at];
      if (value === undefined || first === undefined || tree === undefined || tree === first) return value;
      return { ...value, files: codeChange(known, first, tree) };
    }),
  };
}

function dataRows(runs: RunDetails[]): CompareRow[] {
  const names = [
    ...new Set(
      runs.flatMap((run) => [
        ...Object.keys(run.receipt?.data ?? {}),
        ...Object.keys(run.receipt?.inputs ?? {}),
      ]),
    ),
  ];
  return names.map((name) =>
    plainRow(
      name,
      runs.map(
        (run) => ownValue(run.receipt?.data ?? {}, name) ?? ownValue(run.receipt?.inputs ?? {}, name)?.digest,
      ),
    ),
  );
}

function parentsText({ parents }: RunDetails): string | undefined {
  return parents.length === 0
    ? undefined
    : parents
        .map(({ name }) => name)
        .sort()
        .join(', ');
}

/** Fields of an experiment file that describe the machine rather than the run. */
const machine = ['python_version', 'pytorch_version', 'platform', 'cuda_version', 'hostname', 'username'];

function environmentOf(run: RunDetails): Record<string, JsonValue> {
  const found: Record<string, JsonValue> = Object.create(null);
  const add = (value: JsonValue, path: string, depth: number): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 4) {
      for (const [key, one] of Object.entries(value))
        add(one, path === '' ? key : `${path}.${key}`, depth + 1);
    } else if (Object.keys(found).length < 2000)
      found[path] = Array.isArray(value) ? JSON.stringify(value) : value;
  };
  if (run.receipt?.environment !== undefined) add(run.receipt.environment, '', 0);
  else
    for (const name of machine) {
      const value = run.experiment?.[name];
      if (value !== undefined && value !== '') found[name] = value;
    }
  return found;
}

function recordRows(records: Record<string, JsonValue>[]): CompareRow[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
  return names.map((name) => {
    const values = records.map((record) => ownValue(record, name));
    return {
      name,
      values: values.map((value) => (value === undefined ? undefined : scalarValue(value, name))),
      differs: values.some((value) => JSON.stringify(value) !== JSON.stringify(values[0])),
    };
  });
}

function scalarValue(value: JsonValue, name: string): CompareValue {
  if (typeof value === 'object' && value !== null) return textValue(JSON.stringify(value));
  if (typeof value === 'number')
    return {
      text: Number.isFinite(value) ? leafView(value, name).text : formatNumber(value),
      whole: String(value),
      word: undefined,
      isNumber: true,
    };
  return textValue(value === null ? 'null' : value === '' ? 'empty text' : String(value));
}

function plainRow(name: string, values: (string | undefined)[]): CompareRow {
  return {
    name,
    values: values.map((value) => (value === undefined ? undefined : textValue(value))),
    differs: values.some((value) => value !== values[0]),
  };
}

/** Digests are told apart by their beginning. */
function textValue(value: string): CompareValue {
  const isDigest = /^(?=.*[a-f])(?:[a-z0-9]+:)?[0-9a-f]{16,}$/.test(value);
  const text = isDigest
    ? value.slice(0, value.indexOf(':') + 13)
    : value.length > 160
      ? `${value.slice(0, 159)}…`
      : value;
  return { text, whole: text === value ? undefined : value, word: undefined, isNumber: false };
}
