import { plural } from '../../../collector/base/format/words.ts';
import { type DayTotal, dayStrip } from '../../charts/calendar.ts';
import { shownDays } from '../../data/fleet/types.ts';
import { type Part, part } from '../part.ts';

const [step, wide, high] = [5, 4, 18];

/** How busy each of the last days was, today at the right; days on which something failed are underlined. */
export function dayStripPart(days: readonly DayTotal[], nowUs: number): Part {
  const cells = dayStrip(days, nowUs, shownDays);
  const active = cells.filter(({ total }) => total > 0);
  const failed = active.filter((day) => day.failed > 0).length;
  const width = shownDays * step;
  return (
    <svg
      class="day-strip"
      width={width}
      height={high + 3}
      viewBox={`0 0 ${width} ${high + 3}`}
      role="img"
      aria-label={`${active.length} of ${shownDays} days with actions, ${plural(failed, 'day')} with failures`}
    >
      {cells.map(({ level, failed: failures }, index) => [
        <rect class={`heat-${level}`} x={index * step} width={wide} height={high - 1} />,
        failures > 0 && <rect class="fill-failed" x={index * step} y={high} width={wide} height="3" />,
      ])}
    </svg>
  );
}
