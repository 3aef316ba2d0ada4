import { plural, shorten } from '../../../collector/base/format/words.ts';
import type { PrintedParallel } from '../../data/runs/charts.ts';
import { type Part, part } from '../part.ts';

/** Parallel coordinates: a line for each run across axes of what differs. Drawn in per cent of any width. */
export function parallelChart(printed: PrintedParallel, height: number): Part {
  const { chart, lines } = printed;
  const tall = height + chart.below;
  const anchor = { start: 'start', middle: 'middle', end: 'end' } as const;
  const label = `Parallel coordinates of ${plural(printed.shown, 'run')} over ${chart.axes.map((axis) => axis.label).join(', ')}`;
  return (
    <svg class="parallel" width="100%" height={tall + 40} role="img" aria-label={label}>
      <svg
        x="0"
        y="28"
        width="100%"
        height={tall + 8}
        viewBox={`0 -4 1000 ${tall + 8}`}
        preserveAspectRatio="none"
        overflow="visible"
      >
        {lines.map(({ status, path }) => (
          <path class={`line ink-${status}`} d={path} vector-effect="non-scaling-stroke" />
        ))}
      </svg>
      {chart.axes.map((axis) => (
        <g class="axis">
          <line x1={`${axis.x / 10}%`} x2={`${axis.x / 10}%`} y1="32" y2={height + 32} />
          <text class="axis-label" x={`${axis.x / 10}%`} y="14" text-anchor={anchor[axis.anchor]}>
            {shorten(axis.label, 20)}
            {axis.scale.log && ' (log)'}
          </text>
          {axis.ticks.map(({ y, label: text }) => (
            <text
              class="axis-tick"
              x={`${axis.x / 10}%`}
              dx={axis.anchor === 'end' ? -6 : 6}
              y={y + 32}
              dy="0.35em"
              text-anchor={axis.anchor === 'end' ? 'end' : 'start'}
            >
              {text}
            </text>
          ))}
        </g>
      ))}
      {chart.below > 0 && (
        <text class="axis-tick" x="0" y={tall + 38}>
          none
        </text>
      )}
    </svg>
  );
}
