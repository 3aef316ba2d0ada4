import { formatNumber } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { shortTick } from '../../charts/curve-ticks.ts';
import type { CurveChart, CurveLine } from '../../charts/curve-types.ts';
import { type Inside, type Part, part } from '../part.ts';

/** How a line looks: one of twelve, or in the pale of an earlier attempt or of another run beside this one. */
export type CurveStyle = number | 'earlier' | 'ghost';

/** How a chart of curves is printed. */
export interface CurvesGiven {
  chart: CurveChart;
  height: number;
  /** What the chart shows, for those who cannot see it. */
  label: string;
  /** What the way across is called. */
  across?: string;
  /** Short names at the ends of lines, by id; none for a single line. */
  names?: ReadonlyMap<string, string>;
  /** The style of each line by id; 0 for all if absent. */
  styles?: ReadonlyMap<string, CurveStyle>;
}

/** Curves with their axes. Widths are shares of 1,000 stretched to any width; lines keep their strength. */
export function curvesPart({ chart, height, label, across, names, styles }: CurvesGiven): Part {
  const drawn = chart.lines.filter(({ path, dots }) => path !== '' || dots.length > 0);
  if (drawn.length === 0) return <p class="panel-text curves-none">No value that could be drawn.</p>;
  return (
    <figure class={classOf(chart, names !== undefined)}>
      <svg class="curves-y" width="100%" height={height + 8} aria-hidden="true">
        {chart.yTicks.map((tick) => (
          <text x="100%" y={tick.y + 4} dy="0.35em" text-anchor="end">
            {tick.label}
          </text>
        ))}
      </svg>
      <svg class="plot curves-plot" width="100%" height={height + 8} role="img" aria-label={label}>
        {chart.yTicks.map(({ y }) => (
          <line class="gridline" x1={0} x2="100%" y1={y + 4} y2={y + 4} />
        ))}
        <svg
          width="100%"
          height={height}
          y={4}
          viewBox={`0 0 1000 ${height}`}
          preserveAspectRatio="none"
          overflow="visible"
        >
          {drawn.map((line) => linePart(line, styles?.get(line.id) ?? 0))}
        </svg>
      </svg>
      {names !== undefined && endsPart(drawn, height, names, styles)}
      {across !== undefined && <span class="curves-across">{across}</span>}
      <svg class="x-axis" width="100%" height={16} aria-hidden="true">
        {chart.xTicks.map(({ x, label: text }) => (
          <text x={`${x / 10}%`} y={12} text-anchor={x < 50 ? 'start' : x > 950 ? 'end' : 'middle'}>
            {text}
          </text>
        ))}
      </svg>
    </figure>
  );
}

/** The names of lines at their ends, with the last value; a stroke in the colour of the line leads to each. */
function endsPart(
  drawn: readonly CurveLine[],
  height: number,
  names: ReadonlyMap<string, string>,
  styles: CurvesGiven['styles'],
): Part {
  return (
    <svg class="curves-ends" width="100%" height={height + 8} aria-hidden="true">
      {drawn.map(
        ({ id, end, faint }) =>
          end !== undefined &&
          faint !== true && [
            <path
              class={`curve curve-${styles?.get(id) ?? 0} curve-leader`}
              d={`M2,${end.y + 4}L12,${end.labelY + 4}`}
            />,
            <text x={16} y={end.labelY + 4} dy="0.35em">
              <tspan class="curve-name">{names.get(id) ?? ''}</tspan> {shortTick(end.value)}
            </text>,
          ],
      )}
    </svg>
  );
}

/** Long numbers beside the axis get more room. */
function classOf({ yTicks }: CurveChart, named: boolean): string {
  const isLong = yTicks.some(({ label }) => label.length > 6);
  return `chart curves${named ? ' curves-named' : ''}${isLong ? ' curves-long' : ''}`;
}

/** A short piece of a line as a legend shows it. */
export function curveSample(style: CurveStyle): Part {
  return (
    <svg class="curve-sample" width={28} height={8} aria-hidden="true">
      <line class={`curve curve-${style}`} x1={1} x2={27} y1={4} y2={4} />
    </svg>
  );
}

/** How many values of a line could not be drawn, as words; undefined where all could. */
export function missingText(lines: readonly CurveLine[]): string | undefined {
  const missing = lines.reduce((sum, line) => sum + (line.faint === true ? 0 : line.missing), 0);
  return missing === 0 ? undefined : `${plural(missing, 'value')} not drawn: NaN or without end`;
}

/** What a line does, as words: "from 0.648 to 0.179 in 20 points". */
export function courseText(values: readonly number[], count: number): string {
  const [first, last] = [values.find(Number.isFinite), values.findLast(Number.isFinite)];
  if (first === undefined || last === undefined) return `${plural(count, 'point')}, none a number`;
  return `from ${formatNumber(first)} to ${formatNumber(last)} in ${plural(count, 'point')}`;
}

function linePart(line: CurveLine, style: CurveStyle): Inside {
  const kind = `curve curve-${style}${line.faint === true ? ' curve-pale' : ''}`;
  return [
    line.path !== '' && <path class={kind} d={line.path} />,
    line.dots.map(({ x, y }) => <path class={`${kind} curve-dot`} d={`M${x},${y}h0.01`} />),
  ];
}
