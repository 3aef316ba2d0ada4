import { isObject, type JsonObject } from '../../base/json/json.ts';

/** What came of running a run again. */
export type RerunWord = 'same' | 'within tolerance' | 'different' | 'inconclusive';

/** What the receipt of a rerun says of the comparison with the first run. */
export interface ReceiptRerun {
  /** Key of the run that was run again. */
  of: string;
  verdict: RerunWord | undefined;
  /** One sentence each, the most important first. */
  reasons: string[];
}

const words: readonly string[] = ['same', 'within tolerance', 'different', 'inconclusive'];

/** The part `rerun` of a receipt; undefined where it is no rerun. */
export function rerunIn(raw: JsonObject): ReceiptRerun | undefined {
  const rerun = raw['rerun'];
  if (!isObject(rerun)) return undefined;
  const { of, verdict } = rerun;
  if (typeof of !== 'string') return undefined;
  const reasons = Array.isArray(rerun['reasons']) ? rerun['reasons'] : [];
  return {
    of,
    verdict: typeof verdict === 'string' && words.includes(verdict) ? (verdict as RerunWord) : undefined,
    reasons: reasons.flatMap((each) => (typeof each === 'string' ? [each] : [])),
  };
}
