import type { JsonValue } from '../../base/json/json.ts';

/** Something with a state that can be compared with any other. */
export interface Thing {
  kind: 'file' | 'git' | 'periodic' | 'version' | 'run' | 'receipt';
  /** What to call it: a path, an id, a name. */
  name: string;
  /** When it was so, where that is known. */
  atUs?: number | undefined;
  value: JsonValue;
  /** True where the value is the lines of a text. */
  isText: boolean;
  /** What the comparison of runs calls a run or a receipt. */
  run?: string;
}
