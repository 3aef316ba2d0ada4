import type { JsonObject } from '../../base/json/json.ts';
import {
  countsAsCode,
  ignoresInner,
  innerIgnored,
  type UncoveredCode,
  uncoveredCode,
} from '../../formats/receipts/code.ts';
import {
  type ComparedCode,
  compareReceipts,
  type ReceiptComparison,
} from '../../formats/receipts/comparison.ts';
import type { ReceiptContent, ReceiptRepository } from '../../formats/receipts/record.ts';
import { flattenParams } from '../../runs/flat-params.ts';
import type { Scalar } from '../../runs/record.ts';
import { type CodeDetails, type CompareCodeOptions, compareCode } from '../../store/receipts/compare-code.ts';
import { effectiveContent } from '../../store/receipts/effective-receipt.ts';
import { ignoredLinks } from '../../store/receipts/ignored-links.ts';
import { configWithParams } from './own-params.ts';
import { openSubjects, resolveSubject, type Subject } from './resolve-subject.ts';

/** What to compare, and what of the code counts. */
export interface CompareRunsOptions extends CompareCodeOptions {
  root: string;
  /** Paths of receipts, folders of runs or keys. */
  before: string;
  after: string;
  /** Where relative paths start; the book where it is not given. */
  from?: string;
}

/** A number that is not the same for two runs. */
export interface ComparedMetric {
  name: string;
  before: number | undefined;
  after: number | undefined;
}

/** A comparison of two runs with what git and the runs' own files add to that of their receipts. */
export interface RunComparison extends Omit<ReceiptComparison, 'code'> {
  before: { name: string; kind: Subject['kind'] };
  after: { name: string; kind: Subject['kind'] };
  /** Where one of the two has no receipt, parameters are compared alone, and nothing is known of code and data. */
  isPartial: boolean;
  code: { same: boolean; entries: (ComparedCode & Partial<CodeDetails>)[] };
  metrics: { same: boolean; entries: ComparedMetric[] };
}

/**
 * Compares two runs or receipts: FlexLock's rules, and in detail what it only calls different. Trees that differ in
 * nothing but results of runs or what include and exclude leave out count as the same code.
 * @throws DaybookError `not-found`, `bad-input` for ids.
 */
export async function compareRuns(options: CompareRunsOptions): Promise<RunComparison> {
  const { root, from = root } = options;
  const world = openSubjects(root, from);
  const before = await resolveSubject(options.before, world);
  const after = await resolveSubject(options.after, world);
  const isPartial = before.receipt === undefined || after.receipt === undefined;
  const areRuns = before.run !== undefined && after.run !== undefined;
  const [a, b] = [before, after].map((side) => contentOf(root, side, isPartial, areRuns)) as [
    ReceiptContent,
    ReceiptContent,
  ];
  const details = await compareCode(root, a, b, options);
  const links = await ignoredLinks(root, a, b);
  const comparison = compareReceipts(a, b, {
    isSameCode: (name) => isSameCode(details.get(name)),
    uncovered: (name) =>
      uncoveredIn([a.repos[name], b.repos[name]], links.get(name) ?? [], (each) => scopeOf(options, each)),
  });
  const metrics = compareMetrics(before.run?.metrics, after.run?.metrics);
  return {
    before: { name: before.name, kind: before.kind },
    after: { name: after.name, kind: after.kind },
    isPartial,
    ...comparison,
    code: {
      ...comparison.code,
      entries: comparison.code.entries.map((entry) => ({ ...entry, ...details.get(entry.name) })),
    },
    metrics: { same: metrics.length === 0, entries: metrics },
  };
}

/** What neither receipt, or only one, holds; each part once. */
function uncoveredIn(
  sides: readonly (ReceiptRepository | undefined)[],
  links: readonly string[],
  scope: (repository: ReceiptRepository) => Pick<ReceiptRepository, 'include' | 'exclude'>,
): UncoveredCode[] {
  const parts = new Map<string, string>();
  for (const each of sides) {
    if (each === undefined) continue;
    const scoped = { ...each, ...scope(each) };
    const counts = countsAsCode(scoped);
    if (ignoresInner(each)) for (const path of links) if (counts(path)) parts.set(path, innerIgnored);
    for (const { path, why } of uncoveredCode(scoped)) parts.set(path, why);
  }
  return [...parts].map(([path, why]) => ({ path, why }));
}

function scopeOf({ include, exclude }: CompareRunsOptions, recorded: ReceiptRepository) {
  return {
    include: [...(include ?? recorded.include)],
    exclude: [...(exclude ?? recorded.exclude)],
  };
}

/** Whether nothing that counts as code differs; undefined where git does not know. */
export function isSameCode(details: CodeDetails | undefined): boolean | undefined {
  return details?.known === true ? details.files.length === 0 : undefined;
}

/**
 * A run without a receipt is known by its parameters, and so is what it is compared with. Of two runs what their other
 * files say of their configuration counts beside their receipts.
 */
function contentOf(
  root: string,
  { receipt, run }: Subject,
  isPartial: boolean,
  areRuns: boolean,
): ReceiptContent {
  if (receipt !== undefined && !isPartial) {
    const content = effectiveContent(root, receipt);
    return areRuns && run !== undefined
      ? { ...content, config: configWithParams(content.config, run) }
      : content;
  }
  const params: Record<string, Scalar> = run?.params ?? Object.create(null);
  if (run === undefined && receipt !== undefined) flattenParams(receipt.config, params);
  return {
    atUs: undefined,
    zoneless: false,
    config: params as JsonObject,
    repos: Object.create(null),
    data: Object.create(null),
    inputs: Object.create(null),
    previous: [],
    parent: undefined,
    environment: undefined,
  };
}

function compareMetrics(
  before: Record<string, number> = Object.create(null),
  after: Record<string, number> = Object.create(null),
): ComparedMetric[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .map((name) => ({ name, before: before[name], after: after[name] }))
    .filter((each) => !Object.is(each.before, each.after));
}
