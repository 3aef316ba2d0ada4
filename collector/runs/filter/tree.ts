import type { RunField } from '../field.ts';

/** How a field is compared with a value; "~" is: contains, whatever the case. */
export const filterOperators = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;

/** One of the ways of comparing. */
export type FilterOperator = (typeof filterOperators)[number];

/** A condition on runs, understood: `field` is what the name means, unless it is that of a parameter or metric. */
export type RunFilter =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; terms: RunFilter[] }
  | { kind: 'not'; term: RunFilter }
  | Comparison;

/** One field, parameter or metric against a value. */
export interface Comparison {
  kind: 'compare';
  name: string;
  field: RunField | undefined;
  operator: FilterOperator;
  value: string;
  quoted: boolean;
}
