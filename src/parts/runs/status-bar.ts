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
  return part(
    'figure',
    { class: 'chart status-bar' },
    part(
      'svg',
      {
        class: 'plot',
        width: '100%',
        height,
        role: 'img',
        'aria-label': `Status over time: ${said.join(', ')}`,
      },
      bar.zones.map((zone) =>
        part(
          'rect',
          {
            class: `fill-${zone.status}${zone.again > 0 ? ' zone-again' : ''}`,
            x: `${zone.x}%`,
            width: `${Math.max(zone.width, 0.3)}%`,
            y: 0,
            height,
          },
          part(
            'title',
            {},
            `${zone.word} from ${formatTime(zone.atUs)} to ${formatTime(zone.toUs)}, ${formatDuration((zone.toUs - zone.atUs) / 1000)}`,
          ),
        ),
      ),
      bar.end !== undefined &&
        part('line', {
          class: `zone-end zone-end-${bar.end.status}`,
          x1: '100%',
          x2: '100%',
          y1: -3,
          y2: height + 3,
        }),
    ),
    part(
      'svg',
      { class: 'x-axis', width: '100%', height: 16, 'aria-hidden': 'true' },
      bar.ticks.map(({ x, label }) => part('text', { x: `${x}%`, y: 12, 'text-anchor': anchor(x) }, label)),
    ),
  );
}

function anchor(x: number): string {
  return x < 5 ? 'start' : x > 95 ? 'end' : 'middle';
}
