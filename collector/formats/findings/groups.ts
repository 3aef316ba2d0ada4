import type { Finding, FindingCode, Severity } from './finding.ts';

/** Findings that one remedy mends: what to do is said once, and where below it. */
export interface FindingGroup {
  severity: Severity;
  code: FindingCode;
  hint: string;
  /** What was expected, where that is the same for all. */
  expected: string | undefined;
  findings: Finding[];
}

/** So many places are listed before the rest is folded. */
export const placesShown = 5;

const order: Severity[] = ['error', 'warning', 'note'];

/** Findings of one kind and remedy together: errors first, then the most frequent; places in the order they were found in. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const finding of findings) {
    const { severity, code, hint, expected } = finding;
    const key = `${severity} ${code} ${hint}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { severity, code, hint, expected, findings: [finding] });
    else {
      if (group.expected !== expected) group.expected = undefined;
      group.findings.push(finding);
    }
  }
  const kinds = new Map<string, number>();
  for (const { severity, code, findings: all } of groups.values())
    kinds.set(`${severity} ${code}`, (kinds.get(`${severity} ${code}`) ?? 0) + all.length);
  const frequency = ({ severity, code }: FindingGroup) => kinds.get(`${severity} ${code}`)!;
  return [...groups.values()].sort(
    (a, b) =>
      order.indexOf(a.severity) - order.indexOf(b.severity) ||
      frequency(b) - frequency(a) ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : b.findings.length - a.findings.length),
  );
}
