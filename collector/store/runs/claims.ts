import type { RunSource } from '../../runs/evidence.ts';

/** So many names are remembered; books have few that occur often. */
const mostNames = 10_000;

/** Finds the source that a file is of. Which sources a name rules out is found out once for each name: most files are of none. */
export class Claims {
  readonly #sources: readonly RunSource[];
  readonly #byName = new Map<string, readonly RunSource[]>();

  constructor(sources: readonly RunSource[]) {
    this.#sources = sources;
  }

  /** The sources that claim a file, in their order; without the names beside it those that may. */
  of(path: string, name: string, beside?: ReadonlySet<string>): RunSource[] {
    const possible = this.#possible(name);
    return possible.length === 0 ? none : possible.filter((source) => source.claims(path, beside));
  }

  #possible(name: string): readonly RunSource[] {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const possible = this.#sources.filter((source) => source.claimsByPath === true || source.claims(name));
    if (this.#byName.size >= mostNames) this.#byName.clear();
    this.#byName.set(name, possible);
    return possible;
  }
}

const none: RunSource[] = [];
