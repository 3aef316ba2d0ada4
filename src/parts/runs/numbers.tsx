import { formatCount, formatNumber } from '../../../collector/base/format/number.ts';
import { plural, sentence } from '../../../collector/base/format/words.ts';
import { earlierPoints, isObject, resumeNote } from '../../data/browser.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import { ownValue, type RunDetails, type RunSeries, type Scalar } from '../../data/runs/types.ts';
import { leafView, valueView } from '../../data/values/value.ts';
import { foldPart, Panel, pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { leafPart, valuePart } from '../values/value.tsx';
import { curveCards, isSystemMetric } from './curve-cards.tsx';

const maxParams = 24;
/** What differs from siblings is shown further. */
const maxOwn = 40;

/** The configuration of a run; what differs from its siblings comes first. */
export function runParameters(facts: RunPageFacts): Part {
  const { run, varying, among } = facts;
  const names = Object.keys(run.params);
  const own = among === undefined ? [] : names.filter((name) => varying.has(name));
  const same = names.filter((name) => !own.includes(name));
  const most = own.length > 0 ? maxOwn : maxParams;
  const shown = own.length > 0 ? own : same;
  const [first, more] = [shown.slice(0, most), shown.slice(most)];
  const rest = own.length > 0 ? same : [];
  const config = configOf(run);
  return (
    <Panel title="Parameters" id="parameters" note={parametersNote(names.length, own.length, among)}>
      {names.length === 0 && <p class="panel-text">No parameters are recorded.</p>}
      {first.length > 0 && listPart(run, first)}
      {more.length > 0 && foldPart(`${formatCount(more.length)} more`, listPart(run, more))}
      {rest.length > 0 &&
        foldPart(
          `${formatCount(rest.length)} the same ${among === 'name' ? 'in all runs of this name' : 'wherever they are given'}`,
          listPart(run, rest),
        )}
      {config !== undefined && foldPart('Configuration as recorded', valuePart(valueView(config)))}
    </Panel>
  );
}

/** A parameter's value as text. */
export function scalarPart(value: Scalar | undefined, name: string): Part {
  if (value === undefined) return <span class="pale">not set</span>;
  if (typeof value === 'number' && !Number.isFinite(value))
    return <span class="leaf mono">{formatNumber(value)}</span>;
  // Long names of classes and paths break at their dots rather than anywhere.
  if (
    typeof value === 'string' &&
    value.length > 24 &&
    !/\s/.test(value) &&
    leafView(value, name).text === value
  )
    return <span class="leaf mono">{pathPart(value)}</span>;
  return leafPart(leafView(value, name));
}

function parametersNote(all: number, own: number, among: RunPageFacts['among']): Inside {
  if (all === 0 || among === undefined) return undefined;
  if (among === 'book')
    return own === 0
      ? 'the same in all runs that have them'
      : `${formatCount(own)} of ${formatCount(all)} differ in this book`;
  return own === 0
    ? 'the same in all runs of this name'
    : `${formatCount(own)} of ${formatCount(all)} differ among runs of this name`;
}

function listPart(run: RunDetails, names: string[]): Part {
  return (
    <dl class="fields">
      {names.map((name) => (
        <div class="field">
          <dt class="mono">{pathPart(name)}</dt>
          <dd>{scalarPart(ownValue(run.params, name), name)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The nested document behind the parameters, where there is one. */
function configOf(run: RunDetails): RunDetails['experiment'] {
  if (run.receipt !== undefined && Object.keys(run.receipt.config).length > 0) return run.receipt.config;
  const summary = run.experiment?.['config_summary'];
  return isObject(summary) && Object.keys(summary).length > 0 ? summary : undefined;
}

/** A curve for each series, and best and last values of all. */
export function runMetrics(
  facts: Pick<RunPageFacts, 'series' | 'up'> & {
    peers?: RunPageFacts['peers'];
    run: Pick<RunDetails, 'slug' | 'name' | 'metrics' | 'directions' | 'series'>;
  },
): Part | undefined {
  const { run, series } = facts;
  const names = [...new Set([...Object.keys(run.metrics), ...series.map(({ name }) => name)])];
  if (names.length === 0) return undefined;
  const [own, machine] = [names.filter((name) => !isSystemMetric(name)), names.filter(isSystemMetric)];
  const resumed = resumeNote(run.series);
  return (
    <Panel
      title="Metrics"
      id="metrics"
      note={
        series.length > 0
          ? plural(
              series.reduce((sum, { count }) => sum + count, 0),
              'point',
            )
          : undefined
      }
    >
      {resumed !== undefined && (
        <p class="panel-text">
          {sentence(resumed)}. The later attempt counts; {plural(earlierPoints(run.series), 'point')} of what
          was written before {earlierPoints(run.series) === 1 ? 'is' : 'are'} set aside.
        </p>
      )}
      {curveCards([{ slug: run.slug, name: run.name, style: 0, series }], {
        up: facts.up,
        first: 6,
        others: facts.peers?.beside ?? [],
      })}
      {own.length > 0 && metricTable(run, series, own)}
      {machine.length > 0 &&
        foldPart(`${plural(machine.length, 'metric')} of the machine`, metricTable(run, series, machine))}
    </Panel>
  );
}

/** Best and last values of all metrics of a run. */
export function metricTable(
  run: Pick<RunDetails, 'metrics' | 'directions'>,
  series: RunSeries[],
  names: string[],
): Part {
  const rows = names.map((name) => {
    const recorded = ownValue(run.metrics, name);
    const course = series.find((one) => one.name === name);
    const last = course?.values.at(-1);
    return { name, recorded, last, count: course?.count };
  });
  const hasCourse = rows.some(({ count }) => count !== undefined);
  return (
    <div class="table-frame">
      <table class="table metric-table">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" class="number">
              Best
            </th>
            {hasCourse && (
              <th scope="col" class="number">
                Last
              </th>
            )}
            {hasCourse && (
              <th scope="col" class="number">
                Points
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, recorded, last, count }) => (
            <tr data-metric={name}>
              <th scope="row">
                <span class="mono">{pathPart(name)}</span>
                {directionPart(ownValue(run.directions, name))}
              </th>
              {numberCell(isBestKnown(run, name, recorded, last) ? recorded : undefined)}
              {hasCourse && numberCell(last)}
              {hasCourse && <td class="number dim">{count === undefined ? '' : formatCount(count)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where nobody said what is better, what is recorded is the last value: that is no best one. */
function isBestKnown(
  { directions }: Pick<RunDetails, 'directions'>,
  name: string,
  recorded: number | undefined,
  last: number | undefined,
): boolean {
  return last === undefined || ownValue(directions, name) !== undefined || !Object.is(recorded, last);
}

function directionPart(direction: 'min' | 'max' | undefined): Inside {
  return (
    direction !== undefined && (
      <span class="metric-direction">{direction === 'min' ? 'less is better' : 'more is better'}</span>
    )
  );
}

function numberCell(value: number | undefined): Part {
  return (
    <td class="number mono" title={value === undefined ? undefined : String(value)}>
      {value === undefined ? <span class="pale">–</span> : formatNumber(value)}
    </td>
  );
}
