import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { slotGrid } from '../../charts/slots.ts';
import type { Coverage } from '../../data/book/types.ts';
import { snapshotHref } from '../../data/links.ts';
import { type Part, part } from '../part.ts';

/** Every slot of the schedule, a row a day: taken, late, missed, still open. */
export function slotsChart(coverage: Coverage, pageIds: string[]): Part {
  const grid = slotGrid(coverage.slots, { width: 100, rowHeight: 16 });
  const label = `${plural(coverage.kept, 'slot')} kept, ${coverage.late} of them late, ${coverage.missed} missed`;
  const pages = new Set(pageIds);
  const spoken = { taken: 'taken', late: 'taken late', missed: 'missed', open: 'not due yet' };
  return (
    <figure class="chart chart-labelled">
      <svg class="row-labels" width="100%" height={grid.height + 16} aria-hidden="true">
        {grid.rows.map((row) => (
          <text x="0" y={row.y + 10}>
            {row.label}
          </text>
        ))}
      </svg>
      <svg class="plot" width="100%" height={grid.height + 16} role="group" aria-label={label}>
        {grid.rows.flatMap((row) =>
          row.cells.map((cell) => {
            const hollow = cell.state === 'missed' || cell.state === 'open';
            const box = (
              <rect
                class={`slot-${cell.state}`}
                x={`${(cell.x + cell.width * 0.04).toFixed(3)}%`}
                width={`${(cell.width * 0.9).toFixed(3)}%`}
                y={hollow ? row.y + 1 : row.y}
                height={hollow ? 10 : 12}
                rx="1.5"
              >
                <title>{`${formatTime(cell.atUs)} ${spoken[cell.state]}${cell.count > 1 ? ` (${formatCount(cell.count)} slots)` : ''}`}</title>
              </rect>
            );
            return cell.id !== undefined && pages.has(cell.id) ? (
              <a href={snapshotHref('', cell.id)} tabindex="-1" aria-hidden="true">
                {box}
              </a>
            ) : (
              box
            );
          }),
        )}
        {grid.hours.map(({ x, label: hour }) => (
          <text x={`${x}%`} y={grid.height + 12}>
            {hour}
          </text>
        ))}
      </svg>
    </figure>
  );
}

/** The meanings of the cells of the schedule. */
export function slotsLegend(): Part {
  /** The meanings of the cells of the schedule. */
  const states = [
    ['taken', 'taken'],
    ['late', 'late'],
    ['missed', 'missed'],
    ['open', 'not due yet'],
  ] as const;
  return (
    <ul class="legend">
      {states.map(([state, word]) => (
        <li>
          <svg class="swatch" width="16" height="12" aria-hidden="true">
            <rect class={`slot-${state}`} x="1" y="1" width="14" height="10" rx="1.5" />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  );
}
