import { differences, type PlacedDifference } from '../../base/difference/difference.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { codeKeyOf, type UncoveredCode, uncoveredCode } from './code.ts';
import { comparableConfig } from './config.ts';
import { dataNames } from './data.ts';
import type { EntryVerdict, ReceiptContent, ReceiptRepository, ReceiptStage } from './record.ts';
import { sameStageContent, saysSomething } from './stage.ts';

/** How an entry of one receipt stands to that of another; "unproven" where what both hold is the same, but one does not hold all. */
export type EntryChange = 'same' | 'changed' | 'unproven' | 'added' | 'removed';

/** A repository that at least one of two receipts names. */
export interface ComparedCode {
  name: string;
  change: EntryChange;
  /** Tree, or commit where there is no tree. */
  before: string | undefined;
  after: string | undefined;
  /** Parts of it that one of the two does not hold: nothing is known of them. */
  uncovered: UncoveredCode[];
}

/** Data that at least one of two receipts names. */
export interface ComparedData {
  name: string;
  change: EntryChange;
  /** The strongest digest that both have. */
  before: string | undefined;
  after: string | undefined;
  /** Which files, where both receipts name them. */
  files: EntryVerdict['files'];
}

/** A previous stage that at least one of two receipts names. */
export interface ComparedStage {
  name: string;
  change: EntryChange;
}

/** An installed package that is not the same. */
export interface ComparedPackage {
  name: string;
  before: string | undefined;
  after: string | undefined;
}

/** What two receipts have in common and what not, part by part. */
export interface ReceiptComparison {
  /** FlexLock's rule: the same code, configuration and data. Stages and environment are told, but do not count. */
  same: boolean;
  config: { same: boolean; differences: PlacedDifference[] };
  code: { same: boolean; entries: ComparedCode[] };
  data: { same: boolean; entries: ComparedData[] };
  previous: { same: boolean; entries: ComparedStage[] };
  environment: { same: boolean; differences: PlacedDifference[]; packages: ComparedPackage[] };
}

/** What a comparison may take from elsewhere. */
export interface ComparisonOptions {
  /** Whether code counts as the same whatever its trees say; undefined where they decide. */
  isSameCode?: (name: string) => boolean | undefined;
  /** Parts of the code of which nothing is known; what the receipts say where it is not given. */
  uncovered?: (name: string) => UncoveredCode[];
}

/**
 * Compares two receipts by FlexLock's rules: of the configuration save_dir, _snapshot_ and what was only noted about the
 * run are left out, and the own save_dir inside of values does not count. Pure; knows nothing of repositories and files.
 */
export function compareReceipts(
  before: ReceiptContent,
  after: ReceiptContent,
  options: ComparisonOptions = {},
): ReceiptComparison {
  const config = differences(comparableConfig(before.config), comparableConfig(after.config));
  const code = compareEntries(before.repos, after.repos, (name, a, b) => compareCode(name, a, b, options));
  const data = namesOf(dataNames(before), dataNames(after)).map((name) => compareData(name, before, after));
  const stages = compareEntries(byName(before.previous), byName(after.previous), compareStage);
  const part = <T extends { change: EntryChange }>(entries: T[]) => ({
    same: entries.every(isSame),
    entries,
  });
  const parts = { code: part(code), data: part(data), previous: part(stages) };
  return {
    same: config.length === 0 && parts.code.same && parts.data.same,
    config: { same: config.length === 0, differences: config },
    ...parts,
    environment: compareEnvironments(before.environment, after.environment),
  };
}

function isSame({ change }: { change: EntryChange }): boolean {
  return change === 'same';
}

function namesOf(before: readonly string[], after: readonly string[]): string[] {
  return [...new Set([...before, ...after])];
}

function compareEntries<Entry, Compared>(
  before: Record<string, Entry>,
  after: Record<string, Entry>,
  compare: (name: string, before: Entry | undefined, after: Entry | undefined) => Compared,
): Compared[] {
  const own = (record: Record<string, Entry>, name: string) =>
    Object.hasOwn(record, name) ? record[name] : undefined;
  return namesOf(Object.keys(before), Object.keys(after)).map((name) =>
    compare(name, own(before, name), own(after, name)),
  );
}

function presence(before: unknown, after: unknown): EntryChange | undefined {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : undefined;
}

function compareCode(
  name: string,
  before: ReceiptRepository | undefined,
  after: ReceiptRepository | undefined,
  { isSameCode, uncovered: partsOf }: ComparisonOptions,
): ComparedCode {
  const [a, b] = [before && codeKeyOf(before), after && codeKeyOf(after)];
  // The first generation has commits only: they are compared where one of the two has no tree.
  const isEqual =
    (a !== undefined && a === b) ||
    (before?.commit !== undefined &&
      before.commit === after?.commit &&
      (before.tree === undefined || after.tree === undefined));
  const recorded = [before, after].flatMap((each) => (each === undefined ? [] : uncoveredCode(each)));
  const uncovered = partsOf?.(name) ?? recorded;
  const same = uncovered.length > 0 ? 'unproven' : 'same';
  const change = presence(before, after) ?? ((isSameCode?.(name) ?? isEqual) ? same : 'changed');
  return { name, change, before: a, after: b, uncovered };
}

function compareData(name: string, before: ReceiptContent, after: ReceiptContent): ComparedData {
  const [inputA, inputB] = [ownOf(before.inputs, name), ownOf(after.inputs, name)];
  const isStrong = inputA !== undefined && inputB !== undefined;
  const weakA = ownOf(before.data, name);
  const weakB = ownOf(after.data, name);
  const a = isStrong ? inputA.digest : (weakA ?? inputA?.digest);
  const b = isStrong ? inputB.digest : (weakB ?? inputB?.digest);
  const change = presence(a, b) ?? (a === b ? 'same' : 'changed');
  const files = change === 'changed' ? manifestChanges(inputA?.manifest, inputB?.manifest) : [];
  return { name, change, before: a, after: b, files };
}

function ownOf<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Files that are not the same in two manifests; none where one is not known. */
export function manifestChanges(
  before: Record<string, string> | undefined,
  after: Record<string, string> | undefined,
): EntryVerdict['files'] {
  if (before === undefined || after === undefined) return [];
  const files: EntryVerdict['files'] = [];
  for (const [path, digest] of Object.entries(before)) {
    if (!Object.hasOwn(after, path)) files.push({ path, change: 'removed' });
    else if (after[path] !== digest) files.push({ path, change: 'changed' });
  }
  for (const path of Object.keys(after))
    if (!Object.hasOwn(before, path)) files.push({ path, change: 'added' });
  return files;
}

function byName(stages: readonly ReceiptStage[]): Record<string, ReceiptStage> {
  const map: Record<string, ReceiptStage> = Object.create(null);
  for (const stage of stages) map[stage.name] = stage;
  return map;
}

function compareStage(
  name: string,
  before: ReceiptStage | undefined,
  after: ReceiptStage | undefined,
): ComparedStage {
  const missing = presence(before, after);
  if (missing !== undefined) return { name, change: missing };
  const [a, b] = [before!, after!];
  if (a.digest !== undefined && b.digest !== undefined)
    return { name, change: a.digest === b.digest ? 'same' : 'changed' };
  const isSaid = saysSomething(a.content) || saysSomething(b.content);
  const isEqual = isSaid ? sameStageContent(a.content, b.content) : a.path === b.path;
  return { name, change: isEqual ? 'same' : 'changed' };
}

/** What is of one run only, or how it went. */
const circumstances = ['exit_code', 'signal', 'error', 'duration_ms', 'ci', 'packages', 'running'];

function compareEnvironments(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): ReceiptComparison['environment'] {
  const found = differences(without(before), without(after));
  const packages = compareEntries(packagesOf(before), packagesOf(after), (name, a, b) => ({
    name,
    before: a,
    after: b,
  })).filter((each) => each.before !== each.after);
  return { same: found.length + packages.length === 0, differences: found, packages };
}

function without(environment: JsonObject = {}): JsonObject {
  const rest: JsonObject = Object.create(null);
  for (const [key, value] of Object.entries(environment)) if (!circumstances.includes(key)) rest[key] = value;
  return rest;
}

function packagesOf(environment: JsonObject = {}): Record<string, string> {
  const packages: Record<string, string> = Object.create(null);
  const recorded = environment['packages'];
  if (!isObject(recorded)) return packages;
  for (const [name, version] of Object.entries(recorded)) packages[name] = String(version);
  return packages;
}
