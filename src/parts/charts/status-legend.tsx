import type { StatusName } from '../../charts/status-shape.ts';
import { type Part, part } from '../part.ts';

/** The statuses of a chart: the colour of its bars and the word; `unknown` is what unknown ones are called. */
export function statusLegend(statuses: StatusName[], unknown = 'unknown'): Part {
  return (
    <ul class="legend">
      {statuses.map((status) => (
        <li>
          <svg class="swatch" width="10" height="10" aria-hidden="true">
            <rect class={`fill-${status}`} width="10" height="10" rx="1.5" />
          </svg>
          {status === 'unknown' ? unknown : status}
        </li>
      ))}
    </ul>
  );
}
