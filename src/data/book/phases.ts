/** The parts of a build, in their order, and what is said of each while it goes on. */
const said = {
  actions: 'reading actions',
  snapshots: 'reading snapshots',
  runs: 'reading runs',
  versions: 'reading versions',
  code: 'comparing code',
  pages: 'rendering pages',
  data: 'publishing data',
  elsewhere: 'writing for readers elsewhere',
  secrets: 'looking for secrets',
  packing: 'packing',
  place: 'putting it in place',
} as const;

export type PhaseName = keyof typeof said;

/** What a part of a build took, and what it came to: files of the site written now, files that stand as an earlier build wrote them, and the bytes of the former. */
export interface PhaseReport {
  phase: PhaseName;
  ms: number;
  written: number;
  reused: number;
  bytes: number;
}

/** Where the time of a build goes: whoever does a part of it says so when it begins, and may count what it wrote. */
export class Phases {
  readonly #reports = new Map<PhaseName, PhaseReport>();
  readonly #progress: (text: string) => void;
  #open: { name: PhaseName; since: number } | undefined;

  constructor(progress: (text: string) => void = () => {}) {
    this.#progress = progress;
  }

  /** Goes on to a part; the one before ends. One that comes again goes on where it ended. */
  begin(name: PhaseName): void {
    this.#close();
    this.#of(name);
    this.#open = { name, since: performance.now() };
    this.#progress(said[name]);
  }

  /** Counts a file under a part, whichever goes on. */
  count(name: PhaseName, bytes: number, isReused: boolean): void {
    const report = this.#of(name);
    report[isReused ? 'reused' : 'written'] += 1;
    if (!isReused) report.bytes += bytes;
  }

  /** Takes time of a part that goes on for another one that was done within it. */
  shift(from: PhaseName, to: PhaseName, ms: number): void {
    this.#of(from).ms -= ms;
    this.#of(to).ms += ms;
  }

  /** Ends the last part; all of them, in the order in which they are done. */
  end(): PhaseReport[] {
    this.#close();
    this.#open = undefined;
    const order = Object.keys(said);
    return [...this.#reports.values()].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  }

  #close(): void {
    if (this.#open !== undefined) this.#of(this.#open.name).ms += performance.now() - this.#open.since;
  }

  #of(name: PhaseName): PhaseReport {
    const report = this.#reports.get(name) ?? { phase: name, ms: 0, written: 0, reused: 0, bytes: 0 };
    this.#reports.set(name, report);
    return report;
  }
}
