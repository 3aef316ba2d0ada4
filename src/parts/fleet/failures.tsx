import type { FleetFailure } from '../../data/fleet/types.ts';
import { statusPart, timePart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** What failed: of which book, what it was, its error, and when; each leads to its place in that book. */
export function failureList(failures: readonly FleetFailure[], nowUs: number): Part {
  return (
    <ul class="rows">
      {failures.map(({ book, kind, type, status, statusWord, summary, error, atUs, href }) => (
        <li class="attention fleet-failure">
          {statusPart(status, statusWord)}
          <a class="fleet-of" href={`${book}/index.html`}>
            {book}
          </a>
          <div class="attention-what">
            <a class="quiet-link" href={href} title={`${type} ${summary}`}>
              <b>{kind === 'run' ? `run ${type}` : type}</b> <span class="dim">{summary}</span>
            </a>
            {error !== undefined && error !== '' && (
              <p class="attention-detail mono" title={error}>
                {error}
              </p>
            )}
          </div>
          <span class="attention-when">{timePart(atUs, nowUs)}</span>
        </li>
      ))}
    </ul>
  );
}
