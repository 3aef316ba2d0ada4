import { isExactNumber, isHeldByDouble } from '../base/json/exact-number.ts';
import { hasMembers, type JsonValue } from '../base/json/json.ts';
import { jsonText } from '../base/json/text.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { ReceiptContent, ReceiptInput, ReceiptStage } from '../formats/receipts/record.ts';
import { folderOf, joinPlace, nameOf } from './key.ts';
import type { RunParent, RunRecord } from './record.ts';

/**
 * Finds which runs each run was made from, as its receipt tells, and fills in `parents`: previous stages by the digest
 * of their run.lock, by identical content, by path and by the last parts of a path of another machine; the sweep of a
 * task by path; and runs that wrote an input, by digest and by folder. Chains that come back to themselves are reported.
 */
export function resolveParents(runs: readonly RunRecord[], report: (finding: Finding) => void): void {
  const withReceipts = runs.filter(({ receipt }) => receipt !== undefined);
  const index = new RunIndex(runs, withReceipts);
  for (const run of withReceipts) run.parents = [...run.parents, ...parentsOf(run, index)];
  tellReruns(withReceipts, index);
  reportCycles(withReceipts, report);
}

function parentsOf(run: RunRecord, index: RunIndex): RunParent[] {
  const receipt = run.receipt!;
  const parents: RunParent[] = receipt.previous.map((stage) => ({
    key: index.findStage(stage, run)?.key,
    name: stage.name,
    kind: 'stage',
    path: stage.path,
  }));
  if (receipt.parent !== undefined) {
    const key = index.findPath(receipt.parent, run)?.key;
    const parts = partsOf(receipt.parent);
    const isFile = parts.at(-1) === 'run.lock';
    const name = (isFile ? parts.at(-2) : parts.at(-1)) ?? receipt.parent;
    parents.push({ key, name, kind: 'sweep', path: receipt.parent });
  }
  if (receipt.rerun !== undefined) {
    const { of } = receipt.rerun;
    const first = index.findKey(of) ?? index.findPath(of, run);
    parents.push({ key: first?.key, name: nameOf(of), kind: 'rerun', path: of });
  }
  const known = new Set(parents.map(({ key }) => key));
  for (const [name, input] of Object.entries(receipt.inputs)) {
    const source = index.findOutput(input, run);
    if (source === undefined || known.has(source.key)) continue;
    known.add(source.key);
    parents.push({ key: source.key, name, kind: 'data', path: input.path });
  }
  return parents;
}

/** Tells each run which others repeat it, newest first. */
function tellReruns(runs: readonly RunRecord[], index: RunIndex): void {
  const reruns = runs.filter(({ receipt }) => receipt?.rerun !== undefined);
  reruns.sort((a, b) => (b.atUs ?? 0) - (a.atUs ?? 0) || (a.key < b.key ? 1 : -1));
  for (const { key, slug, parents, receipt } of reruns) {
    const of = parents.find(({ kind }) => kind === 'rerun')?.key;
    const first = of === undefined ? undefined : index.findKey(of);
    if (first === undefined) continue;
    first.reruns ??= [];
    first.reruns.push({ key, slug, verdict: receipt?.rerun?.verdict });
  }
}

/** More runs than this are not compared one by one. */
const maxCompared = 64;

/** Runs by everything another run may know of them. */
class RunIndex {
  readonly #byDigest = new Map<string, RunRecord[]>();
  readonly #byContent = new Map<string, RunRecord[]>();
  readonly #byOutput = new Map<string, RunRecord[]>();
  readonly #byPlace = new Map<string, RunRecord>();
  /** By every trailing part of their folders: "c", "b/c" and "a/b/c" of "a/b/c". */
  readonly #byTail = new Map<string, RunRecord[]>();
  /** Filled where there are reruns. */
  readonly #byKey = new Map<string, RunRecord>();
  readonly #found = new Map<string, RunRecord | undefined>();
  readonly #sets = new Map<readonly RunRecord[], Set<RunRecord>>();

  constructor(runs: readonly RunRecord[], withReceipts: readonly RunRecord[]) {
    if (withReceipts.length === 0) return;
    if (withReceipts.some(({ receipt }) => receipt?.rerun !== undefined))
      for (const run of runs) this.#byKey.set(run.key, run);
    for (const run of withReceipts) {
      add(this.#byDigest, run.receipt!.digest, run);
      const content = contentKeyOf(run.receipt!);
      if (content !== undefined) add(this.#byContent, content, run);
    }
    for (const run of runs) {
      for (const { digest } of run.artifacts) if (digest !== undefined) add(this.#byOutput, digest, run);
      const places = new Set([run.place, ...run.files.filter(isOwnFile).map(({ path }) => folderOf(path))]);
      for (const place of places) {
        if (!this.#byPlace.has(place) || run.receipt !== undefined) this.#byPlace.set(place, run);
        if (run.receipt === undefined && run.experiment === undefined) continue;
        const parts = place.split('/');
        for (let from = 0; from < parts.length; from++) add(this.#byTail, parts.slice(from).join('/'), run);
      }
    }
  }

  findKey(key: string): RunRecord | undefined {
    return this.#byKey.get(key);
  }

  findStage(stage: ReceiptStage, child: RunRecord): RunRecord | undefined {
    const ofDigest = stage.digest === undefined ? undefined : this.#byDigest.get(stage.digest);
    if (ofDigest !== undefined) return this.#nearest(child, stage, ofDigest) ?? ofDigest[0];
    const content = contentKeyOf(stage.content);
    const same = content === undefined ? undefined : this.#byContent.get(content);
    if (same !== undefined) {
      const found = this.#nearest(child, stage, same) ?? same[0]!;
      return this.#namedWith(content!, stage, child) ?? found;
    }
    const byPath = this.findPath(stage.path ?? stage.name, child);
    const isOther =
      byPath?.receipt?.atUs !== undefined &&
      stage.content.atUs !== undefined &&
      byPath.receipt.atUs !== stage.content.atUs;
    // A run of the same name only: what stands there now must also be what was embedded.
    const isSure =
      stage.path !== undefined && sharedTail(partsOf(stage.path), partsOf(byPath?.place ?? '')) > 1;
    return isOther && !isSure ? undefined : byPath;
  }

  /**
   * Early versions of FlexLock embed the first of all stages under the name of the last one. Then the run of that name
   * has this content among its own stages, and is the one that is meant.
   */
  #namedWith(content: string, stage: ReceiptStage, child: RunRecord): RunRecord | undefined {
    if (stage.path !== undefined) return undefined;
    const named = this.findPath(stage.name, child);
    const embeds = named?.receipt?.previous.some((each) => contentKeyOf(each.content) === content);
    return embeds === true && named !== child ? named : undefined;
  }

  /** The run at a path as it was recorded, maybe on another machine: its longest trailing part that is a run here. */
  findPath(path: string, child: RunRecord): RunRecord | undefined {
    const memo = `${path}\n${folderOf(child.place)}`;
    if (!this.#found.has(memo)) this.#found.set(memo, this.#searchPath(path, child));
    return this.#found.get(memo);
  }

  /** The run that wrote an input: the folder it lies in, or the digest of an artifact. */
  findOutput({ digest, path, bytes }: ReceiptInput, child: RunRecord): RunRecord | undefined {
    for (let folder = path; folder !== ''; folder = folderOf(folder)) {
      const run = this.#byPlace.get(folder);
      if (run !== undefined) return run === child ? undefined : run;
    }
    // Empty files are all the same and say nothing.
    const ofDigest = bytes === 0 ? undefined : this.#byOutput.get(digest);
    return ofDigest === undefined ? undefined : this.#nearest(child, { name: '', path }, ofDigest);
  }

  #searchPath(path: string, child: RunRecord): RunRecord | undefined {
    const parts = partsOf(path);
    if (parts.at(-1) === 'run.lock') parts.pop();
    const isRelative = !/^(?:[/\\]|[A-Za-z]:)/.test(path);
    if (isRelative) {
      const exact = this.#byPlace.get(parts.join('/'));
      if (exact !== undefined) return exact;
    }
    for (let from = 0; from < parts.length; from++) {
      const candidates = this.#byTail.get(parts.slice(from).join('/'));
      if (candidates !== undefined) {
        return this.#nearest(child, { name: parts.slice(from).join('/'), path: undefined }, candidates);
      }
    }
    return undefined;
  }

  /**
   * The nearest of several runs that fit equally. Of very many only those are looked at that have the wanted name in one
   * of the folders around the child: nobody shall wait for every pair of runs.
   */
  #nearest(
    child: RunRecord,
    { name, path }: Pick<ReceiptStage, 'name' | 'path'>,
    candidates: readonly RunRecord[],
  ): RunRecord | undefined {
    if (candidates.length <= maxCompared) return nearestTo(child, path, without(candidates, child));
    const fitting = this.#setOf(candidates);
    const parts = path === undefined ? name.split('/') : partsOf(path);
    const tails = [parts.slice(-2).join('/'), parts.at(-1) ?? ''];
    for (let base = child.place; base !== ''; ) {
      base = folderOf(base);
      for (const tail of tails) {
        const run = this.#byPlace.get(joinPlace(base, tail));
        if (run !== undefined && run !== child && fitting.has(run)) return run;
      }
    }
    return undefined;
  }

  #setOf(runs: readonly RunRecord[]): ReadonlySet<RunRecord> {
    let set = this.#sets.get(runs);
    if (set === undefined) {
      set = new Set(runs);
      this.#sets.set(runs, set);
    }
    return set;
  }
}

function isOwnFile({ kind }: RunRecord['files'][number]): boolean {
  return kind === 'receipt' || kind === 'experiment';
}

/** What makes two receipts the same one, whatever their files are called; undefined where too little is said. */
function contentKeyOf({ atUs, config, repos }: ReceiptContent): string | undefined {
  if (atUs === undefined && Object.keys(config).length === 0) return undefined;
  const code = Object.entries(repos).map(([name, { commit }]) => [name, commit ?? null]);
  return jsonText([atUs ?? null, sorted(config), code.sort()]);
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (isExactNumber(value)) return isHeldByDouble(value) ? value.valueOf() : value;
  if (!hasMembers(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}

/** The one whose folder fits the recorded path best, then the one nearest to the child; undefined where two are equally near. */
function nearestTo(
  child: RunRecord,
  path: string | undefined,
  candidates: readonly RunRecord[],
): RunRecord | undefined {
  if (candidates.length <= 1) return candidates[0];
  const wanted = path === undefined ? [] : partsOf(path);
  const home = child.place.split('/');
  let best: RunRecord | undefined;
  let bestScore = -1;
  for (const candidate of candidates) {
    const parts = candidate.place.split('/');
    const score = sharedTail(wanted, parts) * 1000 + sharedStart(home, parts);
    if (score === bestScore) best = undefined;
    if (score <= bestScore) continue;
    best = candidate;
    bestScore = score;
  }
  return best;
}

function sharedStart(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}

function sharedTail(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}

/** The parts of a path of any system, without drive and dots. */
function partsOf(path: string): string[] {
  return path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && !/^[A-Za-z]:$/.test(part));
}

function without(runs: readonly RunRecord[], run: RunRecord): RunRecord[] {
  return runs.filter((each) => each !== run);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (known.at(-1) !== value) known.push(value);
}

/** One finding per way back to itself. */
function reportCycles(runs: readonly RunRecord[], report: (finding: Finding) => void): void {
  const byKey = new Map(runs.map((run) => [run.key, run]));
  const done = new Set<string>();
  for (const start of runs) {
    const way: string[] = [];
    const onWay = new Map<string, number>();
    const open: { key: string; depth: number }[] = [{ key: start.key, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      while (way.length > next.depth) {
        const left = way.pop()!;
        onWay.delete(left);
        done.add(left);
      }
      const at = onWay.get(next.key);
      if (at !== undefined) {
        report(cycleFinding(byKey.get(next.key)!, way.slice(at)));
        continue;
      }
      if (done.has(next.key)) continue;
      onWay.set(next.key, way.length);
      way.push(next.key);
      for (const { key } of byKey.get(next.key)?.parents ?? []) {
        if (key !== undefined) open.push({ key, depth: way.length });
      }
    }
    for (const left of way) done.add(left);
  }
}

function cycleFinding(run: RunRecord, way: readonly string[]): Finding {
  const shown = way.length > 5 ? [...way.slice(0, 5), '…'] : way;
  return {
    code: 'lineage-cycle',
    severity: 'warning',
    file: run.receipt?.file ?? run.place,
    expected: 'stages that came before',
    found: [...shown, way[0]].join(' <- '),
    hint: 'One of these receipts was written again after the others; the lineage page shows them as they stand.',
  };
}
