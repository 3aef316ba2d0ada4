import { DaybookError } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { runFieldIds, runFieldNamed } from '../../runs/fields.ts';
import type { RunNames } from './values.ts';

/** A name as it may be given for a column or an order; refuses what no run has. */
export function checkRunField(name: string, names: RunNames, what: string): void {
  const bare = name.replace(/^(?:params|metrics)\./, '');
  if (runFieldNamed(name) !== undefined || names.all.has(name) || names.all.has(bare)) return;
  throw new DaybookError(
    'usage',
    `${what} "${showText(name)}" is no field, parameter or metric of these runs.`,
    { hint: namesThereAre(names, nearest(name, [...runFieldIds, ...names.all])) },
  );
}

/** A metric as it was named, with or without "metrics." in front; refuses what no run has. */
export function metricNamed(name: string, names: RunNames): string {
  if (names.metrics.has(name)) return name;
  const bare = name.replace(/^metrics\./, '');
  if (names.metrics.has(bare)) return bare;
  const other = names.all.has(name)
    ? `"${showText(name)}" is a parameter of these runs, and no metric.`
    : undefined;
  throw new DaybookError('usage', other ?? `"${showText(name)}" is no metric of these runs.`, {
    hint: names.metrics.size === 0 ? noMetrics(names) : nearMetric(bare, names),
  });
}

/** What can be named instead of what no run has: the name that was probably meant, else all kinds there are. */
export function namesThereAre(names: RunNames, near: string | undefined): string {
  const meant = near === undefined ? [] : [`Did you mean ${near}?`];
  if (names.metrics.size === 0) meant.push(noMetrics(names));
  if (near !== undefined) return meant.join(' ');
  if (names.metrics.size > 0) meant.push(`Metrics are ${some(names.metrics)}.`);
  if (names.params.size > 0) meant.push(`Parameters are ${some(names.params)}.`);
  return [...meant, `Fields are ${runFieldIds.join(', ')}.`].join(' ');
}

function nearMetric(name: string, { metrics }: RunNames): string {
  const near = nearest(name, metrics);
  return near === undefined ? `Metrics are ${some(metrics)}.` : `Did you mean ${near}?`;
}

function noMetrics({ runs }: RunNames): string {
  const none =
    runs === 0
      ? 'There are no runs yet.'
      : `No metric is recorded in ${runs === 1 ? 'this run' : `these ${plural(runs, 'run')}`}.`;
  return `${none} Record metrics with daybook experiment metric, or as lines such as {"step": 1, "loss": 0.5} in a metrics.jsonl in the folder of the run.`;
}

function some(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 8).map((name) => showText(name));
  return shown.join(', ') + (names.size > shown.length ? ` and ${names.size - shown.length} more` : '');
}
