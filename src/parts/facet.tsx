import { formatCount } from '../../collector/base/format/number.ts';
import type { MarkName } from '../charts/status-shape.ts';
import type { Counted } from '../data/book/counts.ts';
import { markPart } from './basics.tsx';
import { group, type Part, part } from './part.ts';

/** What a facet prints. */
export interface PrintedFacet {
  name: string;
  title: string;
  values: Counted[];
  /** More values are counted, not listed. */
  most?: number;
  /** The mark of a value, where values have marks. */
  markOf?: (value: string) => MarkName | undefined;
}

/** One facet with its counts; without scripts a list, with them the buttons of a filter. */
export function facetPart({ name, title, values, most = 10, markOf }: PrintedFacet): Part {
  const rest = values.length - most;
  return (
    <section data-facet={name} hidden={values.length === 0} aria-labelledby={`facet-${name}`}>
      <h2 id={`facet-${name}`}>{title}</h2>
      <ul>
        {values.slice(0, most).map(({ value, count }) => (
          <li class="facet" data-value={value} data-count={count} title={value}>
            {facetValuePart(value, markOf?.(value), count)}
          </li>
        ))}
        {rest > 0 && <li class="facet pale">{formatCount(rest)} more</li>}
      </ul>
    </section>
  );
}

/** What stands in the line of one value; the number can be filled in later. */
export function facetValuePart(value: string, mark: MarkName | undefined, count?: number): Part {
  return (
    <>
      {mark !== undefined && markPart(mark)}
      <span class="facet-name">{value === '' ? 'none' : value}</span>
      <span class="facet-count">{count !== undefined && formatCount(count)}</span>
    </>
  );
}
