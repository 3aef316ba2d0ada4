import type { ExperimentRecord } from '../formats/experiments/experiment.ts';
import type { Finding } from '../formats/findings/finding.ts';
import type { LedgerRun } from '../formats/ledger/record.ts';
import type { ReceiptRecord } from '../formats/receipts/record.ts';
import { folderOf, joinPlace, lastPartOf, ledgerKey, placeKey } from './key.ts';

/** One metrics.jsonl, as far as joining needs it. */
export interface MetricsPart {
  file: string;
}

/** Everything runs are made of, read and parsed. */
export interface RunParts<Metrics extends MetricsPart = MetricsPart> {
  ledger: readonly LedgerRun[];
  receipts: readonly ReceiptRecord[];
  experiments: readonly ExperimentRecord[];
  metrics: readonly Metrics[];
}

/** What belongs to one run. At least one part is there. */
export interface JoinedRun<Metrics extends MetricsPart = MetricsPart> {
  key: string;
  /** Folder of the run relative to the book. */
  place: string;
  ledger: LedgerRun | undefined;
  receipt: ReceiptRecord | undefined;
  experiment: ExperimentRecord | undefined;
  metrics: Metrics[];
}

/**
 * Puts together what is one run (docs/runs.md). Every part ends up in exactly one run: with the ledger's record whose
 * folder or prefix it has, else with what lies in the same folder, else with what shares an id, else alone. Takes time
 * in proportion to the number of parts.
 */
export function joinRuns<Metrics extends MetricsPart>(
  parts: RunParts<Metrics>,
  report: (finding: Finding) => void,
): JoinedRun<Metrics>[] {
  const join = new Join<Metrics>(report);
  for (const part of parts.ledger) join.addLedger(part);
  for (const receipt of parts.receipts) join.addFile('receipt', receipt);
  for (const experiment of parts.experiments) join.addFile('experiment', experiment);
  for (const metrics of parts.metrics) join.addFile('metrics', metrics);
  join.joinByIds();
  join.joinNamedMetrics();
  return join.runs();
}

type Kind = 'receipt' | 'experiment' | 'metrics';

class Join<Metrics extends MetricsPart> {
  readonly #report: (finding: Finding) => void;
  readonly #runs = new Set<JoinedRun<Metrics>>();
  /** Runs of ledgers by the folder they would have: several may share one. */
  readonly #ledgerAt = new Map<string, JoinedRun<Metrics>[]>();
  /** Runs without a ledger by key. */
  readonly #alone = new Map<string, JoinedRun<Metrics>>();

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  runs(): JoinedRun<Metrics>[] {
    return [...this.#runs];
  }

  addLedger(ledger: LedgerRun): void {
    const place = placeOfLedgerRun(ledger);
    const run = this.#newRun(ledgerKey(ledger), place);
    run.ledger = ledger;
    const there = this.#ledgerAt.get(place);
    if (there === undefined) this.#ledgerAt.set(place, [run]);
    else there.push(run);
  }

  addFile(kind: Kind, part: ReceiptRecord | ExperimentRecord | Metrics): void {
    const { folder, prefix } = placeOfFile(kind, part.file);
    const run =
      this.#ledgerRunFor(kind, part, folder, prefix) ?? this.#aloneRunFor(part.file, folder, prefix);
    put(run, kind, part);
  }

  /** The record of a ledger that a file belongs to: by prefix, by folder, and where several are there by what names one. */
  #ledgerRunFor(
    kind: Kind,
    part: ReceiptRecord | ExperimentRecord | Metrics,
    folder: string,
    prefix: string,
  ): JoinedRun<Metrics> | undefined {
    const there = prefix === '' ? (this.#ledgerAt.get(folder) ?? []) : this.#prefixed(folder, prefix);
    const free = kind === 'metrics' ? there : there.filter((run) => run[kind] === undefined);
    if (free.length === 1 && there.length === 1) return free[0];
    if (there.length === 0) return undefined;
    const named = free.filter((run) => isNamedBy(run, kind, part));
    if (named.length === 1) return named[0];
    this.#report({
      code: 'unjoined-run',
      severity: 'note',
      file: part.file,
      expected: 'one run of a ledger at this place',
      found: `${there.length} of them (${there
        .slice(0, 3)
        .map(({ key }) => key)
        .join(', ')}), none of which is named`,
      hint: 'It is shown as a run of its own. Put the identifier before the name of the file, or name the file in the ledger.',
    });
    return undefined;
  }

  /** pycaddy's names: "<identifier>_<name>" in the folder of a run, "<uid>_<name>" or "<uid>_<identifier>_<name>" beside it. */
  #prefixed(folder: string, prefix: string): JoinedRun<Metrics>[] {
    const inside = (this.#ledgerAt.get(folder) ?? []).filter(({ ledger }) => ledger!.identifier === prefix);
    if (inside.length > 0) return inside;
    const [uid] = prefix.split('_', 1);
    const beside = this.#ledgerAt.get(joinPlace(folder, uid!)) ?? [];
    const rest = prefix.slice(uid!.length + 1);
    return rest === '' ? beside : beside.filter(({ ledger }) => ledger!.identifier === rest);
  }

  #aloneRunFor(file: string, folder: string, prefix: string): JoinedRun<Metrics> {
    const key = prefix === '' ? placeKey(folder) : `${placeKey(joinPlace(folder, prefix))}_`;
    const known = this.#alone.get(key);
    if (known !== undefined) return known;
    const run = this.#newRun(key, prefix === '' ? folder : folderOf(file));
    this.#alone.set(key, run);
    return run;
  }

  /** What names the id of another run is part of it, where that run is one and has no such part yet. */
  joinByIds(): void {
    const naming = [...this.#runs].filter((run) => run.ledger === undefined && idNamedBy(run) !== undefined);
    if (naming.length === 0) return;
    const byId = this.#runsById();
    for (const run of naming) {
      const target = byId.get(idNamedBy(run)!);
      if (target === undefined || target === 'several' || target === run || !this.#runs.has(target)) continue;
      if (!isMergeable(run, target)) continue;
      this.#merge(run, target);
    }
  }

  /** A metrics file that an experiment elsewhere names is that experiment's. */
  joinNamedMetrics(): void {
    const loose = [...this.#alone.values()].filter(
      (run) => this.#runs.has(run) && run.receipt === undefined && run.experiment === undefined,
    );
    if (loose.length === 0) return;
    const byTail = new Map<string, JoinedRun<Metrics>[]>();
    for (const run of loose) for (const { file } of run.metrics) addTo(byTail, tailOf(file), run);
    for (const target of this.#runs) {
      for (const { path } of target.experiment?.artifacts ?? []) {
        if (path === undefined || !path.endsWith('.jsonl')) continue;
        const fitting = byTail.get(tailOf(path)) ?? [];
        if (fitting.length === 1 && this.#runs.has(fitting[0]!) && fitting[0] !== target)
          this.#merge(fitting[0]!, target);
      }
    }
  }

  #runsById(): Map<string, JoinedRun<Metrics> | 'several'> {
    const byId = new Map<string, JoinedRun<Metrics> | 'several'>();
    const add = (id: string, run: JoinedRun<Metrics>) => {
      const known = byId.get(id);
      byId.set(id, known === undefined || known === run ? run : 'several');
    };
    for (const run of this.#runs) {
      add(run.key, run);
      if (run.place !== '' && run.place !== run.key && run.ledger === undefined) add(run.place, run);
      if (run.experiment !== undefined && run.experiment.id !== run.key) add(run.experiment.id, run);
      if (run.ledger === undefined) continue;
      const { identifier, relpath, uid } = run.ledger;
      for (const id of new Set([
        uid,
        `${identifier}/${uid}`,
        joinPlace(joinPlace(identifier, relpath), uid),
      ])) {
        add(id, run);
      }
    }
    return byId;
  }

  #merge(run: JoinedRun<Metrics>, target: JoinedRun<Metrics>): void {
    target.receipt ??= run.receipt;
    target.experiment ??= run.experiment;
    target.metrics.push(...run.metrics);
    this.#runs.delete(run);
  }

  #newRun(key: string, place: string): JoinedRun<Metrics> {
    const run: JoinedRun<Metrics> = {
      key,
      place,
      ledger: undefined,
      receipt: undefined,
      experiment: undefined,
      metrics: [],
    };
    this.#runs.add(run);
    return run;
  }
}

/**
 * Which files with a prefix in their name are files of runs: those a ledger's record claims, and those that begin with
 * a number as pycaddy's do. "val_metrics.jsonl" is neither.
 */
export function claimedFiles(ledger: readonly LedgerRun[]): (file: string) => boolean {
  const identifiersAt = new Map<string, string[]>();
  for (const run of ledger) addTo(identifiersAt, placeOfLedgerRun(run), run.identifier);
  return (file) => {
    const { folder, prefix } = placeOfFile('receipt', file);
    if (prefix === '' || /^\d+(?:_|$)/.test(prefix)) return true;
    return identifiersAt.get(folder)?.includes(prefix) === true;
  };
}

/** The folder a run of a ledger has, as a path of the book; where the ledger names one outside, the ledger's own. */
export function placeOfLedgerRun(run: LedgerRun): string {
  const folder = folderOf(run.file);
  const parts: string[] = [];
  for (const part of joinPlace(folder, `${run.relpath}/${run.uid}`).split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return folder;
  }
  return parts.join('/');
}

/** Which folder a file speaks of, and the prefix of its name. metrics/metrics.jsonl is of the folder around. */
function placeOfFile(kind: Kind, file: string): { folder: string; prefix: string } {
  const folder = folderOf(file);
  const name = lastPartOf(file);
  const prefix = /^(.+)_(?:run\.lock|experiment_tracker\.json|metrics\.jsonl)$/.exec(name)?.[1] ?? '';
  if (kind === 'metrics' && prefix === '' && lastPartOf(folder) === 'metrics') {
    return { folder: folderOf(folder), prefix };
  }
  return { folder, prefix };
}

function put<Metrics extends MetricsPart>(
  run: JoinedRun<Metrics>,
  kind: Kind,
  part: ReceiptRecord | ExperimentRecord | Metrics,
): void {
  if (kind === 'receipt') run.receipt = part as ReceiptRecord;
  else if (kind === 'experiment') run.experiment = part as ExperimentRecord;
  else run.metrics.push(part as Metrics);
}

/** Whether a ledger's record names a file, or the file names the record. */
function isNamedBy<Metrics extends MetricsPart>(
  run: JoinedRun<Metrics>,
  kind: Kind,
  part: ReceiptRecord | ExperimentRecord | Metrics,
): boolean {
  const { identifier, relpath, uid, files } = run.ledger!;
  if (Object.values(files).some((path) => tailOf(path) === tailOf(part.file))) return true;
  if (kind === 'metrics') return false;
  const { run: id } = part as ReceiptRecord | ExperimentRecord;
  const ids = [run.key, identifier, `${identifier}/${uid}`, joinPlace(joinPlace(identifier, relpath), uid)];
  return id !== undefined && ids.includes(id);
}

function idNamedBy(run: JoinedRun): string | undefined {
  return run.receipt?.run ?? run.experiment?.run;
}

function isMergeable(run: JoinedRun, target: JoinedRun): boolean {
  return (
    (run.receipt === undefined || target.receipt === undefined) &&
    (run.experiment === undefined || target.experiment === undefined)
  );
}

/** The last three parts of a path: enough to tell files apart, few enough for folders that were moved. */
function tailOf(path: string): string {
  return path.split(/[/\\]/).slice(-3).join('/');
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
