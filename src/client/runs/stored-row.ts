import type { RunRow } from '../../data/browser.ts';
import type { Scalar } from '../../data/runs/types.ts';

/** What has the values of all rows. */
export interface RowSource {
  key(row: number): string;
  name(row: number): string;
  identifier(row: number): string;
  status(row: number): string;
  statusWord(row: number): string;
  tags(row: number): readonly string[];
  staleWhy(row: number): string | undefined;
  /** A number in a column of the table files. */
  number(column: string, row: number): number | undefined;
  /** Fields of a run that facets look at although only whole records know them. */
  kept(row: number): Readonly<Record<string, Scalar>>;
}

/** One run of the table as fields look at it; set `row` to look at another. */
export class StoredRow implements RunRow {
  row = 0;
  readonly #store: RowSource;

  constructor(store: RowSource) {
    this.#store = store;
  }

  get key(): string {
    return this.#store.key(this.row);
  }

  get name(): string {
    return this.#store.name(this.row);
  }

  get identifier(): string {
    return this.#store.identifier(this.row);
  }

  get status(): string {
    return this.#store.status(this.row);
  }

  get statusWord(): string {
    return this.#store.statusWord(this.row);
  }

  get tags(): readonly string[] {
    return this.#store.tags(this.row);
  }

  get startedAtUs(): number | undefined {
    return this.#store.number('started', this.row);
  }

  get atUs(): number | undefined {
    return this.#store.number('time', this.row);
  }

  get durationMs(): number | undefined {
    return this.#store.number('duration_ms', this.row);
  }

  get stale(): string | undefined {
    return this.#store.staleWhy(this.row);
  }

  get more(): Readonly<Record<string, Scalar>> {
    return this.#store.kept(this.row);
  }
}
