import { differences } from '../../base/difference/difference.ts';
import { numberIn } from '../../base/json/exact-number.ts';
import { hasMembers, type JsonValue } from '../../base/json/json.ts';
import { isSameValue } from '../../base/same-value.ts';
import {
  isConstant,
  type RolledField,
  type Rollup,
  type RollupUnit,
} from '../../formats/snapshots/rollup.ts';

/** A stretch of snapshots in which a field had one value. */
export interface FieldPeriod {
  /** Undefined where the snapshots had no such field. */
  value: JsonValue | undefined;
  /** How much more or less than before: "+3 (+1.6 %)". */
  amount: string | undefined;
  /** First and last snapshot with this value, and how many there are. */
  fromUs: number;
  fromId: string;
  untilUs: number;
  untilId: string;
  snapshots: number;
  /** When the last snapshot with the value before was taken; undefined for the first value of all. */
  beforeUs: number | undefined;
  /** Where the snapshots were thinned out and the field had several values: what is left of them; `value` is then the last. */
  rolled?: RolledField & { unit: RollupUnit };
}

/** A value at a time, for a chart: a number, the word of a state, undefined where there was no such field. */
export interface FieldPoint {
  atUs: number;
  value: number | string | undefined;
}

/** Joins equal values of one field into periods, snapshot after snapshot, oldest first. */
export class FieldPeriods {
  readonly points: FieldPoint[] = [];
  /** How often the value became another, appearing and disappearing included. */
  changes = 0;
  /** How many snapshots have the field. */
  present = 0;
  /** How many of those were thinned out. */
  rolled = 0;
  /** All snapshots that were told of. */
  snapshots = 0;
  readonly #most: number;
  #periods: FieldPeriod[] = [];

  /** Keeps the newest `most` periods; older ones are only counted. */
  constructor(most: number) {
    this.#most = most;
  }

  add(id: string, atUs: number, value: JsonValue | undefined): void {
    this.points.push({ atUs, value: pointOf(value) });
    this.snapshots += 1;
    if (value !== undefined) this.present += 1;
    const last = this.#periods.at(-1);
    if (last !== undefined && last.rolled === undefined && isSame(last.value, value)) {
      last.untilUs = atUs;
      last.untilId = id;
      last.snapshots += 1;
      return;
    }
    if (last !== undefined) this.changes += 1;
    this.#periods.push({
      value,
      amount: amountBetween(last?.value, value),
      fromUs: atUs,
      fromId: id,
      untilUs: atUs,
      untilId: id,
      snapshots: 1,
      beforeUs: last?.untilUs,
    });
    if (this.#periods.length >= 2 * this.#most) this.#periods = this.#periods.slice(-this.#most);
  }

  /** The field in snapshots that were thinned out: one value as if they were there, several as one period of its own. */
  addRolled({ unit, snapshots }: Rollup, field: RolledField): void {
    const [first, last] = [snapshots[0]!, snapshots.at(-1)!];
    if (isConstant(field)) {
      this.add(first.id, first.atUs, field.last);
      const period = this.#periods.at(-1)!;
      period.snapshots += field.count - 1;
      [period.untilUs, period.untilId] = [last.atUs, last.id];
    } else {
      const before = this.#periods.at(-1);
      if (before !== undefined) this.changes += 1;
      this.points.push({ atUs: first.atUs, value: field.mean ?? pointOf(field.last) });
      this.present += 1;
      this.snapshots += 1;
      this.#periods.push({
        value: field.last,
        amount: undefined,
        fromUs: first.atUs,
        fromId: first.id,
        untilUs: last.atUs,
        untilId: last.id,
        snapshots: field.count,
        beforeUs: before?.untilUs,
        rolled: { ...field, unit },
      });
    }
    this.present += field.count - 1;
    this.snapshots += field.count - 1;
    this.rolled += field.count;
  }

  /** The periods kept, newest first. */
  newest(): FieldPeriod[] {
    return this.#periods.slice(-this.#most).reverse();
  }
}

const longestWord = 60;

function pointOf(value: JsonValue | undefined): FieldPoint['value'] {
  if (value === undefined || numberIn(value) !== undefined) return numberIn(value);
  if (hasMembers(value)) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value).slice(0, longestWord);
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return isSameValue(before, after);
}

function amountBetween(before: JsonValue | undefined, after: JsonValue | undefined): string | undefined {
  if (numberIn(before) === undefined || numberIn(after) === undefined) return undefined;
  return differences(before, after)[0]?.amount;
}
