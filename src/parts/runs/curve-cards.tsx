import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { axesOf, type CurveAxis, clockOf, type RunClock } from '../../charts/curve-axis.ts';
import { type CurvePlan, type CurveSource, plainView, planCurves } from '../../charts/curve-plan.ts';
import { jsonText } from '../../data/browser.ts';
import type { BesideRun } from '../../data/runs/peers.ts';
import type { ExactPart, RunSeries } from '../../data/runs/types.ts';
import { foldPart, pathPart } from '../basics.tsx';
import { group, type Inside, type Part, part } from '../part.ts';
import { type CurveStyle, courseText, curvesPart, missingText } from './curves.tsx';
import { spansPowers } from './scale.ts';

/** A run whose curves are drawn. */
export interface CurveRun {
  slug: string;
  /** What stands at the ends of its lines; undefined where it is the only one. */
  letter?: string | undefined;
  name: string;
  style: CurveStyle;
  series: readonly RunSeries[];
}

/** A metric, and what is drawn of it. */
export interface CurveMetric {
  name: string;
  /** What the machine did, and not the program, has a group of its own. */
  isSystem: boolean;
}

/** One line of a chart with its looks. */
export interface CardLine extends CurveSource {
  style: CurveStyle;
  letter: string | undefined;
  name: string;
  /** How many points the file has; fewer may be drawn. */
  count: number;
  /** Where all of them stand, where these are the extremes of each stretch. */
  exact?: readonly ExactPart[] | undefined;
}

/** What is drawn of lines that have more points than a chart: the extremes of each stretch, or exact points of the window. */
export type CurveDetail = { kind: 'levels' | 'reading' | 'exact' } | { kind: 'failed'; why: string };

export type { BesideRun } from '../../data/runs/peers.ts';

/** Height of a chart in pixels. */
export const curveHeight = 320;

/** Sizes that all charts share. */
export const curveSize = { width: 1000, height: curveHeight, pixels: 600, labelGap: 14 };

/** Whether a metric tells what the machine did, and not the program. */
export const isSystemMetric = (name: string) => name.startsWith('system/');

/** The metrics that have a curve: those of the program first, then those of the machine. */
export function curveMetrics(runs: readonly CurveRun[]): CurveMetric[] {
  const names = new Set(
    runs.flatMap(({ series }) => series.filter(({ values }) => values.length > 1).map(({ name }) => name)),
  );
  const all = [...names].map((name) => ({ name, isSystem: isSystemMetric(name) }));
  // What counts epochs is an axis; as a curve it tells least.
  const rank = ({ name, isSystem }: CurveMetric) => (isSystem ? 2 : name === 'epoch' ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b));
}

/** The lines of a metric in some runs; earlier attempts before the ones that count. */
export function linesOf(
  metric: string,
  runs: readonly CurveRun[],
  clocks: ReadonlyMap<string, RunClock>,
  withEarlier: boolean,
): CardLine[] {
  return runs.flatMap(({ slug, letter, name: called, style, series }) => {
    const one = series.find(({ name }) => name === metric);
    const clock = clocks.get(slug);
    if (one === undefined || clock === undefined) return [];
    const aside = withEarlier ? one.resumed?.earlier : undefined;
    const counted: CardLine = {
      ...{ id: slug, course: one, clock, style, letter, name: called },
      count: one.count,
      exact: one.exact,
    };
    if (aside === undefined) return [counted];
    const earlier: CardLine = {
      id: `${slug} earlier`,
      course: { ...aside, name: metric },
      clock,
      style: 'earlier',
      letter: undefined,
      name: 'earlier attempt',
      count: aside.count,
    };
    return [earlier, counted];
  });
}

/** The clock of each run. */
export function clocksOf(runs: readonly CurveRun[]): Map<string, RunClock> {
  return new Map(runs.map(({ slug, series }) => [slug, clockOf(series)]));
}

/** The axis that a metric is drawn on: what the machine did has no steps of the program, only times. */
export function axisFor(metric: CurveMetric, wanted: CurveAxis, available: readonly CurveAxis[]): CurveAxis {
  const asked = metric.isSystem ? 'time' : wanted;
  return available.includes(asked) ? asked : 'step';
}

/** All axes that some of the runs can be drawn on. */
export function axesOfRuns(runs: readonly CurveRun[]): CurveAxis[] {
  const clocks = clocksOf(runs);
  const found = new Set(runs.flatMap(({ slug, series }) => axesOf(series, clocks.get(slug)!)));
  return (['step', 'time', 'epoch'] as const).filter((axis) => found.has(axis));
}

/** What an axis is called beside its ticks. */
export const axisNames: Readonly<Record<CurveAxis, string>> = { step: 'step', time: 'time', epoch: 'epoch' };

/** What is around the charts. */
export interface CardsGiven {
  /** The way to the top of the site. */
  up: string;
  /** How many charts stand open. */
  first: number;
  foldSystem?: boolean;
  /** Whether the charts are left to a script that is there already: what it would draw over is not drawn. */
  bare?: boolean;
  /** Runs that can be drawn beside this one. */
  others?: readonly BesideRun[];
}

/** A chart for each metric, ready to be taken over by `<daybook-curves>`: whole without it. */
export function curveCards(
  runs: readonly CurveRun[],
  { up, first, others, foldSystem, bare }: CardsGiven,
): Part | undefined {
  const metrics = curveMetrics(runs);
  if (metrics.length === 0) return undefined;
  const given = { runs, clocks: clocksOf(runs), axes: axesOfRuns(runs) };
  const card = (metric: CurveMetric) =>
    bare === true ? bareCard(metric) : cardPart(metric, given, metrics.indexOf(metric));
  const cards = (some: CurveMetric[]) => <div class="curve-cards">{some.map(card)}</div>;
  const own = metrics.filter(({ isSystem }) => !isSystem);
  const machine = metrics.filter(({ isSystem }) => isSystem);
  return (
    <daybook-curves
      data-base={`${up}data/runs/`}
      data-runs={jsonText(runs.map(({ slug, letter, name }) => ({ slug, letter, name })))}
      data-others={others === undefined || others.length === 0 ? undefined : jsonText(others)}
    >
      <div class="curve-tools" data-tools></div>
      {own.length > 0 && cards(own.slice(0, first))}
      {own.length > first && foldPart(plural(own.length - first, 'more curve'), cards(own.slice(first)))}
      {machine.length > 0 &&
        (foldSystem === true
          ? foldPart(`System (${plural(machine.length, 'curve')})`, cards(machine))
          : [<h3 class="curve-group">System</h3>, cards(machine)])}
    </daybook-curves>
  );
}

/** The place of a chart that a script draws. */
export function bareCard({ name }: CurveMetric, ...inside: readonly Inside[]): Part {
  return (
    <div class="small-chart curve-card" data-metric={name}>
      {inside.length > 0 ? inside : headPart(name)}
    </div>
  );
}

function headPart(name: string, ...switches: readonly Inside[]): Part {
  return (
    <div class="small-head">
      <h3 class="mono" title={name}>
        {pathPart(name)}
      </h3>
      <span class="curve-reading" aria-hidden="true"></span>
      {switches}
    </div>
  );
}

interface CardGiven {
  runs: readonly CurveRun[];
  clocks: ReadonlyMap<string, RunClock>;
  axes: readonly CurveAxis[];
}

/** One chart; the reader can choose the scale where values span powers of ten, and see earlier attempts. */
function cardPart(metric: CurveMetric, given: CardGiven, index: number): Part {
  const axis = axisFor(metric, 'step', given.axes);
  const planned = (withEarlier: boolean, log: boolean) => {
    const lines = linesOf(metric.name, given.runs, given.clocks, withEarlier);
    return { lines, plan: planCurves(lines, { ...plainView, axis, log }, curveSize) };
  };
  type Planned = ReturnType<typeof planned>;
  const figure = ({ lines, plan }: Planned) => figurePart(metric.name, axis, lines, plan);
  const plain = planned(false, false);
  const spans =
    plain.plan.noLog === undefined && spansPowers(plain.lines.flatMap(({ course }) => course.values));
  const earlier = given.runs.reduce(
    (sum, { series }) => sum + (series.find(({ name }) => name === metric.name)?.resumed?.earlier.count ?? 0),
    0,
  );
  const scaled = (withEarlier: boolean): Inside => [
    <div class="scale-linear">{figure(withEarlier ? planned(true, false) : plain)}</div>,
    spans && <div class="scale-log">{figure(planned(withEarlier, true))}</div>,
  ];
  return bareCard(
    metric,
    headPart(
      metric.name,
      earlier > 0 &&
        switchPart(`earlier-${index}`, 'earlier-switch', `earlier attempt (${plural(earlier, 'point')})`),
      spans && switchPart(`log-${index}`, 'log-switch', 'logarithmic'),
    ),
    earlier === 0
      ? scaled(false)
      : [<div class="without-earlier">{scaled(false)}</div>, <div class="with-earlier">{scaled(true)}</div>],
  );
}

/** The drawing of a card, and what it leaves out. */
export function figurePart(
  metric: string,
  axis: CurveAxis,
  lines: readonly CardLine[],
  { chart }: CurvePlan,
  detail?: CurveDetail,
): Part {
  const named = lines.some(({ letter }) => letter !== undefined);
  const counted = lines.filter(({ style }) => style !== 'earlier' && style !== 'ghost');
  const [first] = counted;
  const aside = lines.length - counted.length;
  const course =
    counted.length === 1 && first !== undefined
      ? `${metric} ${courseText(first.course.values, first.count)}${aside > 0 ? ', with points of an earlier attempt' : ''}`
      : `${metric} of runs ${counted.map(({ letter }) => letter ?? '').join(', ')}`;
  const notes = [missingText(chart.lines), thinnedText(counted, detail)].filter((note) => note !== undefined);
  return (
    <>
      {curvesPart({
        chart,
        height: curveHeight,
        label: chart.log ? `${course}, logarithmic` : course,
        across: axisNames[axis],
        styles: new Map(lines.map(({ id, style }) => [id, style])),
        ...(named ? { names: new Map(lines.map(({ id, letter }) => [id, letter ?? ''])) } : {}),
      })}
      {notes.length > 0 && <p class="small-note">{notes.join('; ')}</p>}
    </>
  );
}

/** That not all points are drawn, where there are too many, and what is done about it. */
function thinnedText(lines: readonly CardLine[], detail: CurveDetail | undefined): string | undefined {
  const all = lines.reduce((sum, { count }) => sum + count, 0);
  const drawn = lines.reduce((sum, { course }) => sum + course.values.length, 0);
  if (detail?.kind === 'exact' && drawn >= all)
    return `exact values: ${all === 0 ? 'no point lies in this range' : all === 1 ? 'the one point of this range' : `all ${plural(all, 'point')} of this range`}`;
  if (drawn >= all) return undefined;
  const range = detail?.kind === 'exact' ? ' of this range' : '';
  const thinned = `${formatCount(drawn)} of ${plural(all, 'point')}${range} drawn, lowest and highest of each stretch`;
  if (detail === undefined) return thinned;
  if (detail.kind === 'reading') return `${thinned}; reading exact values`;
  if (detail.kind === 'failed') return `${thinned}; exact values could not be read: ${detail.why}`;
  return `${thinned}; zoom in for exact values`;
}

/** A box to tick with its words. */
export function switchPart(id: string, kind: string, label: string): Part {
  return (
    <label class="switch" for={id}>
      <input type="checkbox" id={id} class={kind} />
      {label}
    </label>
  );
}
