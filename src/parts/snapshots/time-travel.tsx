import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { shapeBox, statusShape } from '../../charts/status-shape.ts';
import type { TravelMark, TravelStrip } from '../../charts/time-travel.ts';
import { type Part, part } from '../part.ts';

/** Heights of the strip in pixels: snapshots, and actions below. */
export const stripHeights = { marks: 56, shapes: 10, actions: 24 };

const markSize = 8;
const shapeOf = {
  degraded: 'degraded',
  failing: 'failed',
  unknown: 'unknown',
  operational: undefined,
} as const;

/** Snapshots along time: a line each, taller the more changed; a shape on top where not all was well; gaps are bands, of warning where there is a schedule. */
export function stripPart(strip: TravelStrip, label: string, isScheduled: boolean): Part {
  const height = stripHeights.marks + stripHeights.shapes;
  return (
    <svg class="plot" width="100%" height={height} role="img" aria-label={label}>
      <line class="gridline" x1={0} x2="100%" y1={height - 0.5} y2={height - 0.5} />
      {strip.gaps.map((gap) => (
        <rect
          class={isScheduled ? 'silence' : 'silence-unexpected'}
          x={`${gap.x}%`}
          width={`${Math.max(gap.width, 0.2)}%`}
          y={0}
          height={height}
        >
          <title>
            {isScheduled ? 'missed' : 'none taken'} from {formatTime(gap.fromUs)} to {formatTime(gap.toUs)}
          </title>
        </rect>
      ))}
      {marksPart(strip.marks, height)}
      {strip.marks.map((mark) => shapePart(mark, height))}
    </svg>
  );
}

/** The marks of one health as one path: hundreds of elements would make the slider slow. */
function marksPart(marks: readonly TravelMark[], height: number): Part {
  const paths = new Map<string, string>();
  for (const { health, x, height: tall } of marks) {
    const line = `M${round(x * 10)} ${height}V${round(height - tall)}`;
    paths.set(health, (paths.get(health) ?? '') + line);
  }
  return (
    <svg width="100%" height={height} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none">
      {[...paths].map(([health, d]) => (
        <path class={`tick health-${health}`} d={d} vector-effect="non-scaling-stroke" />
      ))}
    </svg>
  );
}

/** What a mark says in words. */
export function markText({
  atUs,
  health,
  changes,
}: {
  atUs: number;
  health: string;
  changes: number;
}): string {
  return `${formatTime(atUs)}: ${health}, ${plural(changes, 'change')}`;
}

/** The line of the moment in a row of the axis; scripts put it into its place. */
export function cursorPart(): Part {
  return <span class="travel-cursor" data-cursor aria-hidden="true" />;
}

/** What frames the bars of actions. */
export function mostActionsText(most: number): string {
  return `at most ${formatCount(most)} a bar`;
}

/** Actions along the same time. */
export function actionBarsPart(strip: Pick<TravelStrip, 'actions' | 'maxActions'>): Part {
  const height = stripHeights.actions;
  return (
    <svg
      class="plot"
      width="100%"
      height={height}
      role="img"
      aria-label={`Actions over the same time, at most ${formatCount(strip.maxActions)} in a bar`}
    >
      <line class="gridline" x1={0} x2="100%" y1={height - 0.5} y2={height - 0.5} />
      {strip.actions.map((bar) => (
        <rect
          class="travel-actions-bar"
          x={`${bar.x}%`}
          width={`${Math.max(bar.width, 0.15).toFixed(3)}%`}
          y={round(height - bar.height)}
          height={bar.height}
        >
          <title>
            {plural(bar.count, 'action')} from {formatTime(bar.fromUs)} to {formatTime(bar.toUs)}
          </title>
        </rect>
      ))}
    </svg>
  );
}

/** The labels of the common axis. */
export function travelAxisPart(strip: TravelStrip): Part {
  return (
    <svg class="x-axis" width="100%" height={16} aria-hidden="true">
      {strip.ticks.map(({ x, label }) => (
        <text x={`${x}%`} y={12} text-anchor={x < 4 ? 'start' : x > 96 ? 'end' : 'middle'}>
          {label}
        </text>
      ))}
    </svg>
  );
}

function shapePart(mark: TravelMark, height: number): Part | undefined {
  const name = shapeOf[mark.health];
  if (name === undefined) return undefined;
  const half = markSize / 2;
  return (
    <svg
      class={`travel-shape mark-${name}`}
      x={`${mark.x}%`}
      y={round(Math.max(0, height - mark.height - markSize - 1))}
      width={markSize}
      height={markSize}
      overflow="visible"
    >
      <path transform={`translate(${-half} 0) scale(${markSize / shapeBox})`} d={statusShape(name).path} />
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
