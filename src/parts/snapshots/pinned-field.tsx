import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay, formatMoment, formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { BandStretch, FieldBand } from '../../charts/field-band.ts';
import {
  type ChartSpan,
  chartUnits,
  type FieldChart,
  type FieldMoment,
} from '../../data/snapshots/field-chart.ts';
import type { StateTone } from '../../data/snapshots/tones.ts';
import { pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';
import { cursorPart } from './time-travel.tsx';

/** A followed field as a row of the common axis. */
export interface PinnedField {
  path: string;
  chart: FieldChart;
  changes: number;
  moment: FieldMoment;
}

const bandHeight = 22;
/** Hundredths of the width that a letter takes, about; a long word is begun where there is room for some of it. */
const letterWidth = 0.85;
const enoughRoom = 12;

/** One pinned field: its name and changes, its course, and the value at the moment. Buttons are for scripts. */
export function pinnedFieldPart({ path, chart, changes, moment }: PinnedField, nowUs: number): Part {
  return (
    <li class="travel-row travel-pin" data-pin={path}>
      <div class="travel-label">
        <span class="travel-path mono">{pathPart(path)}</span>
        <span class="travel-steps">
          {stepPart(path, -1, '‹', 'Change before')}
          <span data-changes title="changes until this moment">
            {plural(changes, 'change')}
          </span>
          {stepPart(path, 1, '›', 'Next change')}
          <button type="button" class="travel-button" data-unpin={path} aria-label={`Unpin ${path}`}>
            unpin
          </button>
        </span>
      </div>
      <div class="travel-plot" data-plot>
        {coursePart(path, chart, changes)}
        {cursorPart()}
      </div>
      {valuePart(chart, moment, nowUs)}
    </li>
  );
}

/** The value of a pinned field at the moment, and what frames it. */
export function valuePart(chart: FieldChart, moment: FieldMoment, nowUs: number): Part {
  return (
    <div class="travel-value" data-value>
      <span class={moment.isGone ? 'pale' : 'travel-now mono'} title={moment.whole}>
        {moment.text}
      </span>
      <span
        class="travel-since"
        title={moment.sinceUs === undefined ? undefined : `since ${formatTime(moment.sinceUs)}`}
      >
        {sinceText(chart, moment, nowUs)}
      </span>
    </div>
  );
}

/** "3 of 117" changes until the moment, or how many there are where it lies before the first. */
export function changesText(changes: number, moment: FieldMoment): string {
  return moment.at < 1 ? plural(changes, 'change') : `${formatCount(moment.at)} of ${formatCount(changes)}`;
}

/** All values of a field along time, in the words and patterns of every page that shows them. */
export function coursePart(path: string, chart: FieldChart, changes: number): Part[] {
  if (chart.kind === 'line') return [linePart(path, chart, changes)];
  return [bandPart(path, chart, changes), ...legendPart(chart.band, chart.tones)];
}

function sinceText(chart: FieldChart, { sinceUs }: FieldMoment, nowUs: number): string {
  const since = sinceUs === undefined ? '' : `since ${shortMoment(sinceUs, nowUs)}`;
  return chart.kind === 'line' && chart.minText !== chart.maxText
    ? `${chart.minText} to ${chart.maxText}`
    : since;
}

/** With the time of day where it needs no year. */
function shortMoment(us: number, nowUs: number): string {
  const day = formatDay(us, nowUs);
  return /, \d{4}$/.test(day) ? day : formatMoment(us, nowUs);
}

function stepPart(path: string, step: number, sign: string, name: string): Part {
  return (
    <button
      type="button"
      class="travel-button"
      data-step-change={step}
      data-path={path}
      aria-label={`${name} of ${path}`}
    >
      {sign}
    </button>
  );
}

function linePart(path: string, chart: FieldChart & { kind: 'line' }, changes: number): Part {
  const { width, height } = chartUnits;
  return (
    <svg
      class="travel-line"
      width="100%"
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${path} over time: ${chart.minText} to ${chart.maxText}, ${plural(changes, 'change')}`}
    >
      {chart.gaps.map((gap) => silencePart(gap, { unit: width / 100, height }))}
      <line class="gridline" x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
      {chart.line.bands.map((band, at) => (
        <g class="rolled">
          <rect class="rolled-band" x={band.x} width={band.width} y={band.y} height={band.height} />
          <path
            class="rolled-mean"
            d={`M${band.x} ${band.meanY}h${band.width}`}
            vector-effect="non-scaling-stroke"
          />
          <title>{spanTitle(chart.rolled[at]!)}</title>
        </g>
      ))}
      <path
        class={chart.line.isDense ? 'field-line travel-dense' : 'field-line'}
        d={chart.line.path}
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}

function bandPart(path: string, chart: FieldChart & { kind: 'band' }, changes: number): Part {
  const { band, tones, gaps, rolled } = chart;
  const told = band.states.slice(0, 6).map(({ state, forUs }) => `${state} for ${formatSpan(forUs / 1000)}`);
  const words = told.length > 0 ? told.join(', ') : `${formatCount(band.distinct)} different values`;
  return (
    <svg
      class="travel-band"
      width="100%"
      height={bandHeight}
      role="img"
      aria-label={`${path} over time: ${words}; ${plural(changes, 'change')}`}
    >
      {band.stretches.map((stretch) => stretchPart(stretch, band.states.length > 0 ? tones : undefined))}
      {gaps.map((gap) => silencePart(gap, { unit: '%', height: bandHeight }))}
      {rolled.map((span) => (
        <rect
          class="rolled-states"
          x={`${span.x}%`}
          width={`${Math.max(span.width, 0.15)}%`}
          height={bandHeight}
        >
          <title>{spanTitle(span)}</title>
        </rect>
      ))}
    </svg>
  );
}

/** Hatched, where nobody looked. */
function silencePart(gap: ChartSpan, { unit, height }: { unit: number | '%'; height: number }): Part {
  const [x, width] = unit === '%' ? [`${gap.x}%`, `${gap.width}%`] : [gap.x * unit, gap.width * unit];
  return (
    <g class="field-silence">
      <rect class="field-silence-under" x={x} width={width} height={height} />
      <rect class="field-silence-hatch" fill="url(#band-pattern-1)" x={x} width={width} height={height} />
      <title>
        no snapshot from {formatTime(gap.fromUs)} to {formatTime(gap.toUs)}
      </title>
    </g>
  );
}

function spanTitle({ text, fromUs, toUs }: FieldChart['rolled'][number]): string {
  return `${formatTime(fromUs)} to ${formatTime(toUs)}: ${text}`;
}

/** Where there is room for words a drawing of its own cuts them off at its end. */
function stretchPart(stretch: BandStretch, tones: readonly StateTone[] | undefined): Part[] {
  const { kind, state, count, tone, x, width } = stretch;
  const hasPattern = tones !== undefined && kind === 'state' && tone > 0;
  const box = { x: `${x}%`, width: `${Math.max(width, 0.15).toFixed(3)}%`, height: bandHeight };
  const fill = { class: `band-fill ${fillOf(stretch, tones)}` };
  const pattern = { fill: `url(#band-pattern-${tone})` };
  const words = kind === 'mixed' ? `${formatCount(count)} values` : kind === 'gone' ? '' : (state ?? '');
  if (width < Math.min(enoughRoom, words.length * letterWidth + 1.5))
    return [<rect {...box} {...fill} />, ...(hasPattern ? [<rect {...box} {...pattern} />] : [])];
  const whole = { width: '100%', height: bandHeight };
  return [
    <svg {...box}>
      <rect {...whole} {...fill} />
      {hasPattern && <rect {...whole} {...pattern} />}
      <line class="band-edge" x1={0} x2={0} y1={0} y2={bandHeight} />
      <text x={6} y={15}>
        {words}
      </text>
      <title>
        {words || 'not recorded'}, {formatTime(stretch.fromUs)} to {formatTime(stretch.toUs)}
      </title>
    </svg>,
  ];
}

function fillOf({ kind, tone }: BandStretch, tones: readonly StateTone[] | undefined): string {
  if (kind === 'gone') return 'band-gone';
  if (kind === 'mixed') return 'band-mixed';
  if (tones === undefined) return `band-turn-${tone}`;
  return `band-${tones[tone] ?? 'ink'}`;
}

/** Which pattern stands for which word, and how long it was in force. */
function legendPart(band: FieldBand, tones: readonly StateTone[]): Part[] {
  if (band.states.length < 2) return [];
  const items = band.states.map(({ state, forUs }, number) => (
    <li>
      <svg class="band-swatch" width={14} height={10} aria-hidden="true">
        <rect class={`band-fill band-${tones[number] ?? 'ink'}`} width={14} height={10} />
        {number > 0 && <rect fill={`url(#band-pattern-${number})`} width={14} height={10} />}
      </svg>
      <span class="clip" title={state}>
        {state}
      </span>
      <span class="pale">{formatSpan(forUs / 1000)}</span>
    </li>
  ));
  return [<ul class="travel-legend">{items}</ul>];
}

/** Patterns that tell states apart without colour; once on a page. */
export function bandPatternsPart(): Part {
  const paths = ['M0 6L6 0', 'M0 3H6', 'M0 0L6 6', 'M3 0V6', 'M0 6L6 0M0 0L6 6'];
  return (
    <svg class="band-patterns" width={0} height={0} aria-hidden="true" focusable="false">
      <defs>
        {paths.map((d, at) => (
          <pattern id={`band-pattern-${at + 1}`} width={6} height={6} patternUnits="userSpaceOnUse">
            <path class="band-hatch" d={d} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
