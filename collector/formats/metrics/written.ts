import { NumberColumn } from './number-column.ts';

/** A series as it stands in its file: its values, and of each the number of its line. */
export class WrittenSeries {
  readonly name: string;
  readonly #values = new NumberColumn();
  /** Its first line; the others follow it without a gap, unless `records` tells each. */
  #first = 0;
  #next = -1;
  #records: NumberColumn | undefined;
  #all: Float64Array | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Every value; asked for when the last one has come. */
  get values(): Float64Array {
    this.#all ??= this.#values.numbers();
    return this.#all;
  }

  /** Takes its value in the line of that number; later lines come later. */
  push(record: number, value: number): void {
    if (record !== this.#next) this.#begin(record);
    this.#records?.push(record);
    this.#values.push(value);
    this.#next = record + 1;
  }

  /** The number of the line of each value. */
  records(): Float64Array {
    return this.#records?.numbers() ?? Float64Array.from(this.values, (_, at) => this.#first + at);
  }

  /** What the lines of its values have in a column; the column itself where it has a value in each line. */
  of(column: Float64Array): Float64Array {
    if (this.#records !== undefined) return this.#records.numbers().map((record) => column[record]!);
    return column.subarray(this.#first, this.#first + this.#values.length);
  }

  #begin(record: number): void {
    if (this.#values.length === 0) this.#first = record;
    else if (this.#records === undefined) {
      this.#records = new NumberColumn();
      for (let each = this.#first; each < this.#next; each++) this.#records.push(each);
    }
  }
}

/** What is known of the lines of a file of metrics, by their number. */
export class WrittenLines {
  readonly #steps = new NumberColumn();
  /** From the first line on that has one. */
  #timesUs: NumberColumn | undefined;
  #clock: string | undefined;
  /** What the step of each line is called, where that is not the same in all of them. */
  #clocks: (string | undefined)[] | undefined;
  #allSteps: Float64Array | undefined;

  /** Takes the next line: what its step is called, where it has one, and its time, where it has any. */
  push(clock: string | undefined, step: number, atUs: number | undefined): void {
    const { length } = this.#steps;
    if (length === 0) this.#clock = clock;
    else if (clock !== this.#clock) this.#clocks ??= new Array(length).fill(this.#clock);
    this.#clocks?.push(clock);
    this.#steps.push(step);
    if (atUs === undefined && this.#timesUs === undefined) return;
    this.#timesUs ??= missing(length);
    this.#timesUs.push(atUs ?? Number.NaN);
  }

  /** The step of each line; asked for when the last one has come. */
  get steps(): Float64Array {
    this.#allSteps ??= this.#steps.numbers();
    return this.#allSteps;
  }

  /** The time of each line, NaN where it has none; undefined where none has. */
  timesUs(): Float64Array | undefined {
    return this.#timesUs?.numbers();
  }

  /** What the step of a line is called; undefined where it has none. */
  clockOf(line: number): string | undefined {
    return this.#clocks === undefined ? this.#clock : this.#clocks[line];
  }
}

function missing(count: number): NumberColumn {
  const column = new NumberColumn();
  for (let at = 0; at < count; at++) column.push(Number.NaN);
  return column;
}
