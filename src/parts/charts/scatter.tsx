import { plural } from '../../../collector/base/format/words.ts';
import { pointPath } from '../../charts/scatter.ts';
import type { PrintedScatter } from '../../data/runs/charts.ts';
import { type Part, part } from '../part.ts';

/** Points of runs by two of their values; what a status means is also said by the shape of its point. */
export function scatterChart(printed: PrintedScatter, height: number): Part {
  const label = `${printed.y} over ${printed.x} of ${plural(printed.points.length, 'run')}`;
  const anchor = (x: number) => (x < 5 ? 'start' : x > 95 ? 'end' : 'middle');
  return (
    <figure class="chart scatter">
      <svg class="y-axis" width="100%" height={height} aria-hidden="true">
        {printed.yTicks.map(({ y, label: text }) => (
          <text x="100%" dx="-8" y={y} dy="0.35em" text-anchor="end">
            {text}
          </text>
        ))}
      </svg>
      <svg class="plot" width="100%" height={height} role="img" aria-label={label}>
        {printed.yTicks.map(({ y }) => (
          <line class="gridline" x1="0" x2="100%" y1={y} y2={y} />
        ))}
        {printed.points.map(({ x, y, status, name }) => (
          <svg x={`${x}%`} y={y} overflow="visible">
            <path class={`point ink-${status}`} d={pointPath(status, { x: 0, y: 0 })}>
              <title>{name}</title>
            </path>
          </svg>
        ))}
      </svg>
      <svg class="x-axis" width="100%" height="16" aria-hidden="true">
        {printed.xTicks.map(({ x, label: text }) => (
          <text x={`${x}%`} y="12" text-anchor={anchor(x)}>
            {text}
          </text>
        ))}
      </svg>
    </figure>
  );
}
