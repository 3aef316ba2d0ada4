import { isoTime } from '../../../collector/base/format/time.ts';
import { shorten } from '../../../collector/base/format/words.ts';
import type { PageAge } from '../../data/overview/age.ts';
import { timePart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/**
 * Of when a page speaks. The script of the page says instead how old it is, once that is older than it can know
 * of; with `said` it takes that sentence out of the heading.
 */
export function agePart({ builtAtUs, staleAtUs, dueAtUs }: PageAge, said?: string): Part {
  return (
    <p
      class="page-age"
      data-built={isoTime(builtAtUs)}
      data-stale={isoTime(staleAtUs)}
      data-due={dueAtUs === undefined ? undefined : isoTime(dueAtUs)}
      data-said={said === undefined ? undefined : shorten(said, 300)}
    >
      As of {timePart(builtAtUs)} UTC.
    </p>
  );
}
