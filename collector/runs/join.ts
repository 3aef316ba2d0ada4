import type { Finding } from '../formats/findings/finding.ts';
import type { Evidence } from './evidence.ts';
import { folderOf, joinPlace, nameOf, placeKey } from './key.ts';

/** What belongs to one run. At least one piece of evidence is there. */
export interface JoinedRun {
  key: string;
  /** Folder of the run relative to the book. */
  place: string;
  evidence: Evidence[];
}

/**
 * Puts together what is one run (docs/runs.md). Every piece of evidence ends up in exactly one run: with the registered
 * run whose folder or prefix it has, else with what lies in the same folder, else with what shares an id, else alone.
 * Takes time in proportion to the evidence.
 */
export function joinRuns(evidence: readonly Evidence[], report: (finding: Finding) => void): JoinedRun[] {
  const join = new Join(report);
  for (const each of evidence) if (each.registered !== undefined) join.addRegistered(each);
  for (const each of evidence) {
    if (each.registered === undefined && each.joinsOnly !== true) join.addFile(each);
  }
  join.joinWithin();
  join.joinByIds();
  join.joinNamedFiles();
  join.joinOwned();
  for (const each of evidence) if (each.joinsOnly === true) join.addNamed(each);
  return join.runs();
}

class Join {
  readonly #report: (finding: Finding) => void;
  readonly #runs = new Set<JoinedRun>();
  /** Registered runs by the folder they would have: several may share one. */
  readonly #registeredAt = new Map<string, JoinedRun[]>();
  /** Other runs by key. */
  readonly #alone = new Map<string, JoinedRun>();
  #byId: ReadonlyMap<string, JoinedRun | 'several'> | undefined;

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  runs(): JoinedRun[] {
    return [...this.#runs];
  }

  addRegistered(evidence: Evidence): void {
    const run = this.#newRun(evidence.registered!.key, evidence.folder);
    run.evidence.push(evidence);
    addTo(this.#registeredAt, evidence.folder, run);
  }

  addFile(evidence: Evidence): void {
    const run = this.#registeredRunFor(evidence) ?? this.#aloneRunFor(evidence);
    const taken =
      evidence.several === true ? -1 : run.evidence.findIndex(({ source }) => source === evidence.source);
    // One folder holds one file of a name: another one of its kind has another name, and the last one counts.
    if (taken === -1) run.evidence.push(evidence);
    else run.evidence[taken] = evidence;
  }

  /** The registered run that a file belongs to: by prefix, by folder, and where several are there by what names one. */
  #registeredRunFor(evidence: Evidence): JoinedRun | undefined {
    const { folder, prefix, file, several, source } = evidence;
    const there = prefix === '' ? (this.#registeredAt.get(folder) ?? []) : this.#prefixed(folder, prefix);
    const free = several === true ? there : there.filter((run) => !has(run, source));
    if (free.length === 1 && there.length === 1) return free[0];
    if (there.length === 0) return undefined;
    const named = free.filter((run) => isNamedBy(run, evidence));
    if (named.length === 1) return named[0];
    this.#report({
      code: 'unjoined-run',
      severity: 'note',
      file,
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
  #prefixed(folder: string, prefix: string): JoinedRun[] {
    const isOf = (identifier: string) => (run: JoinedRun) => registeredIn(run)!.identifier === identifier;
    const inside = (this.#registeredAt.get(folder) ?? []).filter(isOf(prefix));
    if (inside.length > 0) return inside;
    const [uid] = prefix.split('_', 1);
    const beside = this.#registeredAt.get(joinPlace(folder, uid!)) ?? [];
    const rest = prefix.slice(uid!.length + 1);
    return rest === '' ? beside : beside.filter(isOf(rest));
  }

  #aloneRunFor({ file, folder, prefix }: Evidence): JoinedRun {
    const key = prefix === '' ? placeKey(folder) : `${placeKey(joinPlace(folder, prefix))}_`;
    const known = this.#alone.get(key);
    if (known !== undefined) return known;
    const run = this.#newRun(key, prefix === '' ? folder : folderOf(file));
    this.#alone.set(key, run);
    return run;
  }

  /** What was measured in the folder of a run is part of that run, and called as that run is. */
  joinWithin(): void {
    for (const run of this.#runs) {
      const [evidence] = run.evidence as [Evidence];
      if (evidence.within === undefined) continue;
      const target = this.#onlyRunAt(evidence.within);
      if (target === undefined || target === run) continue;
      const { name: _name, group: _group, ...says } = evidence.says;
      target.evidence.push({ ...evidence, says });
      this.#runs.delete(run);
    }
  }

  #onlyRunAt(folder: string): JoinedRun | undefined {
    const registered = this.#registeredAt.get(folder) ?? [];
    return registered.length > 1 ? undefined : (registered[0] ?? this.#alone.get(placeKey(folder)));
  }

  /** What names the id of another run is part of it, where that run is one and has no such part yet. */
  joinByIds(): void {
    const naming = [...this.#runs].filter(
      (run) => registeredIn(run) === undefined && idNamedBy(run) !== undefined,
    );
    if (naming.length === 0) return;
    const byId = this.#runsById();
    for (const run of naming) {
      const target = byId.get(idNamedBy(run)!);
      if (target === undefined || target === 'several' || target === run || !this.#runs.has(target)) continue;
      if (!isMergeable(run, target)) continue;
      this.#merge(run, target);
    }
  }

  /** A file of which a run can have several, such as one of metrics, is that run's which names it from elsewhere. */
  joinNamedFiles(): void {
    const loose = this.#loose();
    if (loose.length === 0) return;
    const byTail = new Map<string, JoinedRun[]>();
    for (const run of loose) for (const { file } of run.evidence) addTo(byTail, tailOf(file), run);
    for (const target of this.#runs) {
      for (const path of target.evidence.flatMap(({ registered, files }) =>
        registered ? [] : (files ?? []),
      )) {
        const fitting = byTail.get(tailOf(path)) ?? [];
        if (fitting.length === 1 && this.#runs.has(fitting[0]!) && fitting[0] !== target)
          this.#merge(fitting[0]!, target);
      }
    }
  }

  /** What speaks of a file alone is that run's which says that it wrote it, or a folder around it. */
  joinOwned(): void {
    const owners = new Map<string, JoinedRun>();
    for (const run of this.#runs)
      for (const path of run.evidence.flatMap(({ owns }) => owns ?? [])) owners.set(path, run);
    if (owners.size === 0) return;
    for (const run of this.#loose()) {
      const owner = run.evidence.map(({ file }) => ownerOf(file, owners)).find((each) => each !== undefined);
      if (owner !== undefined && owner !== run) this.#merge(run, owner);
    }
  }

  /** What makes no run by itself goes to the one run that it names; by a short name only where no other has it. */
  addNamed(evidence: Evidence): void {
    this.#byId ??= this.#runsById(true);
    const target = evidence.names === undefined ? undefined : this.#byId.get(evidence.names);
    if (target !== undefined && target !== 'several') target.evidence.push(evidence);
  }

  #runsById(withNames = false): Map<string, JoinedRun | 'several'> {
    const byId = new Map<string, JoinedRun | 'several'>();
    const add = (id: string, run: JoinedRun) => {
      const known = byId.get(id);
      byId.set(id, known === undefined || known === run ? run : 'several');
    };
    for (const run of this.#runs) {
      add(run.key, run);
      const isRegistered = registeredIn(run) !== undefined;
      if (run.place !== '' && run.place !== run.key && !isRegistered) add(run.place, run);
      for (const id of new Set(run.evidence.flatMap(({ ids }) => ids ?? [])))
        if (id !== run.key) add(id, run);
      if (withNames) add(nameOf(run.key), run);
    }
    return byId;
  }

  /** Runs of which nothing but files are known of which a run can have several. */
  #loose(): JoinedRun[] {
    return [...this.#alone.values()].filter(
      (run) => this.#runs.has(run) && run.evidence.every(({ several }) => several === true),
    );
  }

  #merge(run: JoinedRun, target: JoinedRun): void {
    target.evidence.push(...run.evidence);
    this.#runs.delete(run);
  }

  #newRun(key: string, place: string): JoinedRun {
    const run: JoinedRun = { key, place, evidence: [] };
    this.#runs.add(run);
    return run;
  }
}

/**
 * Which files with a prefix in their name are files of runs: those a registered run claims, and those that begin with a
 * number as pycaddy's do. "val_metrics.jsonl" is neither.
 */
export function claimedFiles(
  registered: readonly Evidence[],
): (place: { folder: string; prefix: string }) => boolean {
  const identifiersAt = new Map<string, string[]>();
  for (const each of registered) {
    if (each.registered !== undefined) addTo(identifiersAt, each.folder, each.registered.identifier);
  }
  return ({ folder, prefix }) => {
    if (prefix === '' || /^\d+(?:_|$)/.test(prefix)) return true;
    return identifiersAt.get(folder)?.includes(prefix) === true;
  };
}

function registeredIn(run: JoinedRun): Evidence['registered'] {
  return run.evidence[0]?.registered;
}

function ownerOf(file: string, owners: ReadonlyMap<string, JoinedRun>): JoinedRun | undefined {
  for (let path = file; path !== ''; path = folderOf(path)) {
    const owner = owners.get(path);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function has(run: JoinedRun, source: string): boolean {
  return run.evidence.some((each) => each.source === source);
}

/** Whether a registered run names a file, or the file names the run. */
function isNamedBy(run: JoinedRun, evidence: Evidence): boolean {
  const [register] = run.evidence as [Evidence];
  if (register.files?.some((path) => tailOf(path) === tailOf(evidence.file)) === true) return true;
  const { names } = evidence;
  if (names === undefined) return false;
  const { identifier, uid } = register.registered!;
  // The uid alone is the same in many folders.
  const ids = [run.key, identifier, ...(register.ids ?? []).filter((id) => id !== uid)];
  return ids.includes(names);
}

function idNamedBy(run: JoinedRun): string | undefined {
  return run.evidence.find(({ names }) => names !== undefined)?.names;
}

function isMergeable(run: JoinedRun, target: JoinedRun): boolean {
  return run.evidence.every(({ several, source }) => several === true || !has(target, source));
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
