import type { Evidence, Statement } from './evidence.ts';

/**
 * Whom a run believes. A register says how its run stands before the run's own files do; a tracker before a receipt; the
 * log of actions last. Sources that are not named here come behind those that are, in the order in which they are listed.
 */
const usual = ['ledger', 'experiment', 'receipt', 'metrics', 'action'];

/** Where another one is believed first: a configuration is what a receipt says it was, not what a tracker summed up. */
const exceptions: Partial<Record<keyof Statement | 'file', readonly string[]>> = {
  config: ['receipt', 'experiment'],
  atUs: ['receipt', 'experiment', 'metrics'],
  artifacts: ['experiment', 'ledger', 'receipt'],
  file: ['ledger', 'receipt', 'experiment', 'metrics'],
};

/** The evidence of a run in the order in which it is believed about one thing. */
export function ranked(evidence: readonly Evidence[], about: keyof Statement | 'file'): Evidence[] {
  const order = exceptions[about] ?? usual;
  const rank = ({ source }: Evidence) => {
    const at = order.indexOf(source);
    return at === -1 ? order.length : at;
  };
  return evidence.toSorted((a, b) => rank(a) - rank(b));
}

/** What is said of one thing by the first who says something of it. */
export function firstSaid<Name extends keyof Statement>(
  evidence: readonly Evidence[],
  name: Name,
): { said: NonNullable<Statement[Name]>; by: Evidence } | undefined {
  for (const by of ranked(evidence, name)) {
    const said = by.says[name];
    if (said !== undefined && said !== null && said !== '') return { said, by };
  }
  return undefined;
}
