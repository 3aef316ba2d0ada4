import { DaybookError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { didNotSucceed } from '../../formats/actions/status.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { compareValues } from '../../runs/compare-values.ts';
import { matchesRun } from '../../runs/filter/match.ts';
import { parseRunFilter, unknownField } from '../../runs/filter/parse.ts';
import { lastPartOf } from '../../runs/key.ts';
import type { RunRecord } from '../../runs/record.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { newestFirst, readRuns } from '../../store/runs/read-runs.ts';
import type { ListOptions } from '../list-options.ts';
import { checkRunField, namesThereAre } from './known-names.ts';
import { type RunNames, runNames, valueOfRun } from './values.ts';

/**
 * Every run of a book, newest first, but for those that daybook.yaml leaves out. `build` names this build of Daybook, where what
 * it kept of files of metrics may be used.
 */
export async function readBookRuns(
  root: string,
  report: (finding: Finding) => void = () => undefined,
  build?: string,
): Promise<RunRecord[]> {
  const { config } = await readConfigFile(root);
  return readRuns(root, { ...config.runs, build }, report);
}

/** Which runs are wanted, in which order. */
export interface RunChoice extends ListOptions {
  /** A condition (docs/runs.md). */
  where?: string | undefined;
  /** Field, parameter or metric; "-" in front turns the order round. Newest first where it is not given. */
  sort?: string | undefined;
  /** Sorts failed, aborted and stale runs in among the others; else they come behind them in an order by a metric. */
  withFailed?: boolean | undefined;
}

/**
 * The runs that fulfil a condition, sorted; those without the value to sort by come last in either order, and before
 * them, where a metric gives the order, those that failed: what they reached is no result.
 * @throws DaybookError `usage` that says where the condition is wrong, or which field was probably meant.
 */
export function chooseRuns(runs: readonly RunRecord[], choice: RunChoice): RunRecord[] {
  const names = runNames(runs);
  const { filter, problem } = parseRunFilter(choice.where ?? '', names.all);
  if (filter === undefined) {
    const isName = problem.expected === unknownField;
    throw new DaybookError('usage', problem.message.replace(/; did you mean .*$/, '.'), {
      hint: isName
        ? namesThereAre(names, problem.near)
        : 'For example: lr < 0.1 AND status = failed OR NOT (tags = best)',
      where: `--where, character ${problem.at + 1}`,
    });
  }
  const chosen = runs.filter((run) => matchesRun(filter, run));
  const sorted =
    choice.sort === undefined ? chosen : sortRuns(chosen, choice.sort, names, choice.withFailed === true);
  return choice.limit === undefined ? sorted : sorted.slice(0, choice.limit);
}

/** What an order is by: where a name is a parameter and a metric, the one that numbers are. */
export function orderedBy(sort: string, { both, textual, wordFor }: RunNames): string {
  const name = wordFor(sort.replace(/^[-+]/, ''));
  return both.has(name) ? `${textual.has(name) ? 'metrics' : 'params'}.${name}` : name;
}

function sortRuns(
  runs: readonly RunRecord[],
  sort: string,
  names: RunNames,
  withFailed: boolean,
): RunRecord[] {
  const name = orderedBy(sort, names);
  checkRunField(name, names, '--sort');
  const sign = sort.startsWith('-') ? -1 : 1;
  const isRanking = !withFailed && names.isMetric(name);
  const keyed = runs.map((run) => {
    const value = valueOfRun(run, name, names) ?? undefined;
    const isMissing = value === undefined || Number.isNaN(value);
    return { run, value, behind: isMissing ? 2 : isRanking && didNotSucceed(run) ? 1 : 0 };
  });
  keyed.sort((a, b) => {
    if (a.behind !== b.behind || a.behind === 2) return a.behind - b.behind;
    return sign * compareValues(a.value!, b.value!) || newestFirst(a.run, b.run);
  });
  return keyed.map(({ run }) => run);
}

/**
 * The run of this key, place, slug or experiment id, or the only one that is called so, or whose key ends in it or else contains it.
 * @throws DaybookError `not-found` that names near keys; `usage` that lists the runs where several fit.
 */
export function getRun(runs: readonly RunRecord[], text: string): RunRecord {
  const wanted = text.replace(/^\.\/(?!.*:)/, '').replace(/(?:\/run\.lock|\/)$/, '');
  const exact = runs.find(({ key }) => key === text || key === wanted);
  if (exact !== undefined) return exact;
  const ways: ((run: RunRecord) => boolean)[] = [
    ({ place, slug, experiment }) =>
      place === wanted || slug === text || experiment?.['experiment_id'] === text,
    ({ name }) => name === text,
    ({ key }) => key.endsWith(wanted) && /[/:]$/.test(key.slice(0, -wanted.length)),
    ({ key }) => key.includes(wanted),
  ];
  for (const way of wanted === '' ? [] : ways) {
    const fitting = runs.filter(way);
    if (fitting.length === 1) return fitting[0]!;
    if (fitting.length > 1) throw ambiguous(text, fitting);
  }
  throw notFound(text, runs);
}

function ambiguous(text: string, fitting: readonly RunRecord[]): DaybookError {
  const shown = fitting.slice(0, 5).map(({ key }) => showText(key));
  const rest = fitting.length > shown.length ? ` and ${fitting.length - shown.length} more` : '';
  return new DaybookError('usage', `"${showText(text)}" fits ${fitting.length} runs.`, {
    hint: `Say more of the key: ${shown.join(', ')}${rest}.`,
  });
}

function notFound(text: string, runs: readonly RunRecord[]): DaybookError {
  const few = runs.slice(0, 5000);
  const near = new Set<string>();
  const byName = nearest(
    lastPartOf(text),
    few.map(({ name }) => name),
  );
  for (const { key, name } of few) if (name === byName && near.size < 3) near.add(key);
  const byKey = nearest(
    text,
    few.map(({ key }) => key),
  );
  if (byKey !== undefined) near.add(byKey);
  return new DaybookError('not-found', `There is no run "${showText(text)}" in this book.`, {
    hint: near.size > 0 ? `Near are ${[...near].join(', ')}.` : 'Run daybook runs to see all keys.',
  });
}
