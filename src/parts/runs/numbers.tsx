import { formatCount, formatNumber } from '../../../collector/base/format/number.ts';
import { plural, sentence } from '../../../collector/base/format/words.ts';
import { curveChart } from '../../charts/curves.ts';
import { earlierPoints, isObject, resumeNote } from '../../data/browser.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import { ownValue, type RunDetails, type RunSeries, type Scalar } from '../../data/runs/types.ts';
import { leafView, valueView } from '../../data/values/value.ts';
import { foldPart, Panel, pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { leafPart, valuePart } from '../values/value.tsx';
import { courseText, curvesPart, missingText } from './curves.tsx';

const maxParams = 24;
/** What differs from siblings is shown further. */
const maxOwn = 40;
const maxCurves = 12;
const curveHeight = 128;

/** The configuration of a run; what differs from its siblings comes first. */
export function runParameters(facts: RunPageFacts): Part {
  const { run, varying, siblings } = facts;
  const names = Object.keys(run.params);
  const own = siblings > 1 ? names.filter((name) => varying.has(name)) : [];
  const same = names.filter((name) => !own.includes(name));
  const most = own.length > 0 ? maxOwn : maxParams;
  const shown = own.length > 0 ? own : same;
  const [first, more] = [shown.slice(0, most), shown.slice(most)];
  const rest = own.length > 0 ? same : [];
  const config = configOf(run);
  return (
    <Panel title="Parameters" id="parameters" note={parametersNote(names.length, own.length, facts)}>
      {names.length === 0 && <p class="panel-text">No parameters are recorded.</p>}
      {first.length > 0 && listPart(run, first)}
      {more.length > 0 && foldPart(`${formatCount(more.length)} more`, listPart(run, more))}
      {rest.length > 0 &&
        foldPart(
          `${formatCount(rest.length)} the same ${facts.among === 'name' ? `in all ${formatCount(siblings)} runs` : 'wherever they are given'}`,
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

function parametersNote(all: number, own: number, { siblings, among }: RunPageFacts): Inside {
  if (all === 0 || siblings < 2) return undefined;
  if (among === 'book')
    return own === 0
      ? 'the same in all runs that have them'
      : `${formatCount(own)} of ${formatCount(all)} differ in this book`;
  return own === 0
    ? `the same in all ${formatCount(siblings)} runs of this name`
    : `${formatCount(own)} of ${formatCount(all)} differ among ${formatCount(siblings)} runs`;
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

/** Best and last values, and a curve for each series. */
export function runMetrics(facts: RunPageFacts): Part | undefined {
  const { run, series } = facts;
  const names = [...new Set([...Object.keys(run.metrics), ...series.map(({ name }) => name)])];
  if (names.length === 0) return undefined;
  const drawn = series.filter(({ values }) => values.length > 1);
  const more = drawn.slice(maxCurves);
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
      {
        <div class="metrics">
          {metricTable(run, series, names)}
          {drawn.length > 0 && <div class="small-charts">{drawn.slice(0, maxCurves).map(smallChart)}</div>}
        </div>
      }
      {more.length > 0 &&
        foldPart(`${more.length} more curves`, <div class="small-charts">{more.map(smallChart)}</div>)}
    </Panel>
  );
}

function metricTable(run: RunDetails, series: RunSeries[], names: string[]): Part {
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
            <tr>
              <th scope="row">
                <span class="mono">{pathPart(name)}</span>
                {directionPart(ownValue(run.directions, name))}
              </th>
              {numberCell(recorded)}
              {hasCourse && numberCell(last)}
              {hasCourse && <td class="number dim">{count === undefined ? '' : formatCount(count)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
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

/** A small chart of one series; the reader can choose the scale where values span powers of ten, and see earlier attempts. */
function smallChart(series: RunSeries, index: number): Part {
  const earlier = series.resumed?.earlier;
  const spans = spansPowers(series.values);
  const id = `${index}-${[...series.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7).toString(36)}`;
  const scaled = (withEarlier: boolean): Inside => [
    <div class="scale-linear">{curvesOf(series, withEarlier, false)}</div>,
    spans && <div class="scale-log">{curvesOf(series, withEarlier, true)}</div>,
  ];
  return (
    <div class="small-chart">
      <div class="small-head">
        <h3 class="mono" title={series.name}>
          {pathPart(series.name)}
        </h3>
        {earlier !== undefined &&
          switchPart(
            `earlier-${id}`,
            'earlier-switch',
            `earlier attempt (${plural(earlier.count, 'point')})`,
          )}
        {spans && switchPart(`log-${id}`, 'log-switch', 'logarithmic')}
      </div>
      {earlier === undefined
        ? scaled(false)
        : [
            <div class="without-earlier">{scaled(false)}</div>,
            <div class="with-earlier">{scaled(true)}</div>,
          ]}
    </div>
  );
}

function switchPart(id: string, kind: string, label: string): Part {
  return (
    <label class="switch" for={id}>
      <input type="checkbox" id={id} class={kind} />
      {label}
    </label>
  );
}

const earlierId = 'earlier attempt';

function curvesOf(series: RunSeries, withEarlier: boolean, log: boolean): Inside {
  const counted = { id: series.name, steps: series.steps, values: series.values };
  const aside = withEarlier ? series.resumed?.earlier : undefined;
  const curves = aside === undefined ? [counted] : [{ ...aside, id: earlierId }, counted];
  const chart = curveChart(curves, { width: 1000, height: curveHeight, pixels: 500, log });
  const course = `${series.name} ${courseText(series.values, series.count)}`;
  const label = `${course}${aside === undefined ? '' : `, with ${plural(aside.count, 'point')} of an earlier attempt`}`;
  const missing = log ? undefined : missingText(chart.lines);
  return [
    curvesPart({
      chart,
      height: curveHeight,
      label: log ? `${label}, logarithmic` : label,
      ...(aside === undefined ? {} : { styles: new Map([[earlierId, 'earlier' as const]]) }),
    }),
    missing !== undefined && <p class="small-note">{missing}</p>,
  ];
}

/** Whether positive values span a hundredfold or more. */
export function spansPowers(values: readonly number[]): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!Number.isFinite(value) || value <= 0) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most >= least * 100;
}
