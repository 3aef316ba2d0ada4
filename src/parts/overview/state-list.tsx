import type { StateRow } from '../../data/overview/overview.ts';
import { markPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** The newest state, a line a section: its fields and values, or the error of its probe. */
export function stateList(rows: StateRow[]): Part {
  return (
    <dl class="state">
      {rows.map((row) => (
        <div class="state-row">
          <dt class="mono">{row.name}</dt>
          <dd>
            {row.error !== undefined ? (
              <span class="status">
                {markPart('failed')}
                <span>{row.error}</span>
              </span>
            ) : (
              row.fields.map(({ key, value }) => (
                <span class="state-field">
                  {key !== '' && <span class="pale">{key}</span>} <span class="mono">{value}</span>
                </span>
              ))
            )}
            {row.error === undefined && row.fields.length === 0 && <span class="pale">no fields</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
