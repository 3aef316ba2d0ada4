import { posix } from 'node:path';

/** One file that another one names. */
export interface Import {
  to: string;
  /** Only types are taken: nothing of it is there when the program runs. */
  isType: boolean;
}

const statements =
  /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)|^import\s+'(\.[^']+)'/gm;

/** The files of this repository that a file names, as paths below its root. */
export function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(statements)].map((match) => ({
    to: posix.join(posix.dirname(path), match[2] ?? match[3] ?? match[4]!),
    isType: match[1] !== undefined,
  }));
}

/** Groups of files that reach one another through what they name, each in the order of their paths. */
export function cyclesAmong(imports: ReadonlyMap<string, readonly Import[]>): string[][] {
  const search = new Tarjan(imports);
  for (const file of imports.keys()) search.visit(file);
  return search.groups.filter(
    ([first, ...others]) => others.length > 0 || imports.get(first!)!.some(({ to }) => to === first),
  );
}

/** Tarjan's algorithm for strongly connected components. */
class Tarjan {
  readonly groups: string[][] = [];
  readonly #imports: ReadonlyMap<string, readonly Import[]>;
  readonly #order = new Map<string, number>();
  readonly #lowest = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor(imports: ReadonlyMap<string, readonly Import[]>) {
    this.#imports = imports;
  }

  visit(file: string): void {
    if (this.#order.has(file)) return;
    const number = this.#order.size;
    this.#order.set(file, number);
    this.#lowest.set(file, number);
    this.#open.push(file);
    this.#isOpen.add(file);
    for (const { to } of this.#imports.get(file) ?? []) {
      if (!this.#imports.has(to)) continue;
      this.visit(to);
      if (this.#isOpen.has(to))
        this.#lowest.set(file, Math.min(this.#lowest.get(file)!, this.#lowest.get(to)!));
    }
    if (this.#lowest.get(file) === number) this.#close(file);
  }

  #close(file: string): void {
    const group = this.#open.splice(this.#open.indexOf(file));
    for (const each of group) this.#isOpen.delete(each);
    this.groups.push(group.sort());
  }
}
