import { formatDay } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { calendar } from '../../charts/calendar.ts';
import { actionsOfBinHref } from '../../data/links.ts';
import { type Part, part } from '../part.ts';

/** How busy each day was, a column a week; days on which something failed are underlined. */
export function calendarChart(days: { day: string; total: number; failed: number }[], endUs: number): Part {
  const rowHeight = 14;
  const chart = calendar(days, endUs, { width: 100, rowHeight, weeks: 53 });
  const wide = chart.cellWidth * 0.86;
  const active = chart.cells.filter(({ total }) => total > 0);
  const label = `${active.length} of ${chart.cells.length} days with actions, at most ${plural(chart.max, 'action')} a day; ${plural(active.filter(({ failed }) => failed > 0).length, 'day')} with failures`;
  return (
    <figure class="chart chart-labelled">
      <svg class="row-labels" width="100%" height={7 * rowHeight + 16} aria-hidden="true">
        {['Mon', 'Wed', 'Fri', 'Sun'].map((name, index) => (
          <text x="0" y={index * 2 * rowHeight + 26}>
            {name}
          </text>
        ))}
      </svg>
      <svg class="plot" width="100%" height={7 * rowHeight + 16} role="group" aria-label={label}>
        {chart.months.map(({ x, label: month }) => (
          <text x={`${x}%`} y="10">
            {month}
          </text>
        ))}
        {chart.cells.map((cell) => {
          const startUs = Date.parse(`${cell.day}T00:00:00Z`) * 1000;
          const box = (
            <rect
              class={`heat-${cell.level}`}
              x={`${cell.x}%`}
              width={`${wide.toFixed(3)}%`}
              y={cell.y + 16}
              height={rowHeight - 3}
              rx="1.5"
            />
          );
          return cell.total === 0 ? (
            box
          ) : (
            <a
              href={actionsOfBinHref('', startUs, startUs + 86_400_000_000)}
              tabindex="-1"
              aria-hidden="true"
            >
              <title>{`${formatDay(startUs)}: ${plural(cell.total, 'action')}${cell.failed > 0 ? `, ${cell.failed} failed` : ''}`}</title>
              {box}
              {cell.failed > 0 && (
                <rect
                  class="fill-failed"
                  x={`${cell.x}%`}
                  width={`${wide.toFixed(3)}%`}
                  y={cell.y + 16 + rowHeight - 5}
                  height="2"
                />
              )}
            </a>
          );
        })}
      </svg>
    </figure>
  );
}
