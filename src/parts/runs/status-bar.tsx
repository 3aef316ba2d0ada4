import { formatDuration } from '../../../collector/base/format/duration.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import type { StatusBar } from '../../charts/status-bar.ts';
import { type Part, part } from '../part.ts';

const height = 14;

/** The life of a run as a bar of time; widths are shares of any width. */
export function statusBarPart(bar: StatusBar): Part {
  const said = bar.zones.map(
    (zone) =>
      `${zone.word} for ${formatDuration((zone.toUs - zone.atUs) / 1000)}${zone.again > 0 ? ' (again)' : ''}`,
  );
  if (bar.end !== undefined) said.push(`${bar.end.word} at the end`);
  return (
    <figure class="chart status-bar">
      <svg
        class="plot"
        width="100%"
        height={height}
        role="img"
        aria-label={`Status over time: ${said.join(', ')}`}
      >
        {bar.zones.map((zone) => (
          <rect
            class={`fill-${zone.status}${zone.again > 0 ? ' zone-again' : ''}`}
            x={`${zone.x}%`}
            width={`${Math.max(zone.width, 0.3)}%`}
            y={0}
            height={height}
          >
            <title>
              {zone.word} from {formatTime(zone.atUs)} to {formatTime(zone.toUs)},{' '}
              {formatDuration((zone.toUs - zone.atUs) / 1000)}
            </title>
          </rect>
        ))}
        {bar.end !== undefined && (
          <line class={`zone-end zone-end-${bar.end.status}`} x1="100%" x2="100%" y1={-3} y2={height + 3} />
        )}
      </svg>
      <svg class="x-axis" width="100%" height={16} aria-hidden="true">
        {bar.ticks.map(({ x, label }) => (
          <text x={`${x}%`} y={12} text-anchor={anchor(x)}>
            {label}
          </text>
        ))}
      </svg>
    </figure>
  );
}

function anchor(x: number): string {
  return x < 5 ? 'start' : x > 95 ? 'end' : 'middle';
}
