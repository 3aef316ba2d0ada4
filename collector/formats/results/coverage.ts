import type { Measured, MeasuredRun } from './measured.ts';

/** So many of the files with the most lines are metrics of their own. */
const mostFiles = 50;

/** How much of something was reached. */
export interface Share {
  covered: number;
  all: number;
  /** Only the rate is known. */
  isRate?: boolean;
}

/** What tests reached of one file, by its lines, branches and functions. */
export class FileCoverage {
  readonly lines = new Reached();
  readonly branches = new Reached();
  readonly functions = new Reached();
}

/** What is known one by one, and what a report says in sum; a thing that is told of twice was reached if it was once. */
export class Reached {
  readonly #each = new Map<string, boolean>();
  #sum: Share | undefined;
  #part: Share = { covered: 0, all: 0 };

  add(name: string, isReached: boolean): void {
    this.#each.set(name, isReached || this.#each.get(name) === true);
  }

  /** Of things that have no names of their own. */
  addPart(covered: number, all: number): void {
    this.#part.covered += covered;
    this.#part.all += all;
  }

  set covered(value: number) {
    this.#sum = { all: 0, ...this.#sum, covered: value };
  }

  set all(value: number) {
    this.#sum = { covered: 0, ...this.#sum, all: value };
  }

  /** The things themselves where they are listed, else the sum. */
  get share(): Share {
    if (this.#each.size === 0 && this.#part.all === 0) return this.#sum ?? { covered: 0, all: 0 };
    let { covered, all } = this.#part;
    all += this.#each.size;
    for (const isReached of this.#each.values()) if (isReached) covered += 1;
    return { covered, all };
  }
}

const kinds = ['lines', 'branches', 'functions'] as const;

/** What a report says of the whole, where it says so itself. */
export type Whole = Partial<Record<(typeof kinds)[number], Share>>;

/** Coverage as a run: how much of the whole was reached, and of each of the largest files. */
export function coverageRun(files: ReadonlyMap<string, FileCoverage>, whole: Whole = {}): MeasuredRun {
  const shares = [...files].map(([name, file]) => ({
    name,
    lines: file.lines.share,
    branches: file.branches.share,
    functions: file.functions.share,
  }));
  const sums = kinds.map((kind) => [kind, whole[kind] ?? sumOf(shares.map((each) => each[kind]))] as const);
  const largest = shares.toSorted((a, b) => b.lines.all - a.lines.all).slice(0, mostFiles);
  const folder = commonFolder([...files.keys()]);
  return {
    values: [
      ...sums.flatMap(([kind, share]) => percent(kind, share)),
      ...sums
        .filter(([, { all, isRate }]) => all > 0 && isRate !== true)
        .map(([kind, { all }]) => ({ name: kind, value: all })),
      { name: 'files', value: files.size },
      ...largest.flatMap(({ name, lines, branches }) => [
        ...percent(`${name.slice(folder.length)} lines`, lines),
        ...percent(`${name.slice(folder.length)} branches`, branches),
      ]),
    ],
    facts: folder === '' ? [] : [['Folder', folder]],
  };
}

function percent(name: string, { covered, all }: Share): Measured[] {
  return all > 0 ? [{ name, unit: '%', value: (100 * covered) / all, better: 'max' }] : [];
}

function sumOf(shares: readonly Share[]): Share {
  const sum = { covered: 0, all: 0 };
  for (const { covered, all } of shares) {
    sum.covered += covered;
    sum.all += all;
  }
  return sum;
}

/** The folder in which all files of a machine lie; that part of their paths is another one elsewhere. */
function commonFolder(paths: readonly string[]): string {
  if (paths.length === 0 || !paths.every((path) => /^(?:[/\\]|[A-Za-z]:)/.test(path))) return '';
  let folder = paths[0]!.replace(/[^/\\]*$/, '');
  for (const path of paths)
    while (folder !== '' && !path.startsWith(folder)) folder = folder.replace(/[^/\\]*[/\\]$/, '');
  return folder;
}
