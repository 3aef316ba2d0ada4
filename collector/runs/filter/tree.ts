/** How a field is compared with a value; "~" is: contains, whatever the case. */
export const filterOperators = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;

/** One of the ways of comparing. */
export type FilterOperator = (typeof filterOperators)[number];

/** A condition on runs, understood. */
export type RunFilter =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; terms: RunFilter[] }
  | { kind: 'not'; term: RunFilter }
  | { kind: 'compare'; name: string; operator: FilterOperator; value: string; quoted: boolean };
