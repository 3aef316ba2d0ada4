import { plural } from '../../../collector/base/format/words.ts';
import { nearestSnapshot } from '../../charts/time-travel.ts';
import { fieldChart, fieldMoment } from '../../data/snapshots/field-chart.ts';
import type { FieldPoint } from '../../data/snapshots/index.ts';
import type { PinnedField } from '../../parts/snapshots/pinned-field.tsx';
import { Kept } from '../kept.ts';
import type { FieldStore } from '../snapshots/field-store.ts';

/** A field with all its values, oldest first. */
export interface Pin {
  path: string;
  points: FieldPoint[];
  chart: PinnedField['chart'];
}

/** More rows than this would push the slider out of sight. */
export const maxPins = 12;

/** Which fields are pinned, in their order, and what they were at the snapshot that is shown. */
export class PinStore {
  /** Number of the snapshot that is shown. */
  at: number;
  paths: string[];
  readonly #times: readonly number[];
  readonly #pins: Kept<string, Pin | undefined>;

  /** `times` are those of all snapshots; values of the fields that are pinned already are read when they are first needed. */
  constructor(times: readonly number[], fields: () => Promise<FieldStore>, paths: readonly string[]) {
    this.at = times.length - 1;
    this.paths = [...paths];
    this.#times = times;
    this.#pins = new Kept(async (path) => {
      const store = await fields();
      if (!store.has(path)) return undefined;
      const [points, rolled] = await Promise.all([store.points(path), store.rolled(path)]);
      return { path, points, chart: fieldChart(path, points, times, { rolled }) };
    });
  }

  /** The values of a field; undefined where no field is called so. */
  pin(path: string): Promise<Pin | undefined> {
    return this.#pins.get(path);
  }

  /** Pins a field and says what came of it; `pin` is there where it is pinned now. */
  async add(path: string): Promise<{ said: string; pin?: Pin }> {
    if (!this.paths.includes(path) && this.paths.length >= maxPins)
      return {
        said: `${plural(maxPins, 'field')} are pinned, which is as many as can be; unpin one first.`,
      };
    const pin = await this.pin(path);
    if (pin === undefined) return { said: `No field is called “${path}”.` };
    if (!this.paths.includes(path)) this.paths.push(path);
    return { said: `${path} is pinned: ${plural(pin.points.length - 1, 'change')}.`, pin };
  }

  /** Pins these fields in place of the others; those that are none are left out. */
  async replace(paths: readonly string[]): Promise<Pin[]> {
    const pins = await Promise.all(paths.slice(0, maxPins).map((path) => this.pin(path)));
    const known = pins.filter((pin) => pin !== undefined);
    this.paths = known.map(({ path }) => path);
    return known;
  }

  remove(path: string): void {
    this.paths = this.paths.filter((one) => one !== path);
  }

  /** What a row says of a field at the snapshot that is shown. */
  fieldOf({ path, points, chart }: Pin): PinnedField {
    return {
      path,
      chart,
      changes: points.length - 1,
      moment: fieldMoment(path, points, this.#times, this.at),
    };
  }

  /** The snapshot of the next change (step 1) or of the last one (step -1), seen from the snapshot that is shown. */
  change({ points }: Pin, step: number): number | undefined {
    if (step > 0) return points.find(([number]) => number > this.at)?.[0];
    return points.findLast(([number], place) => number < this.at && place > 0)?.[0];
  }

  /** The snapshot that a place on a chart means, both as shares of its width: a change so near, or the nearest snapshot. */
  pointed({ points }: Pin, share: number, nearShare: number): number {
    const times = this.#times;
    const [fromUs, toUs] = [times[0]!, times[times.length - 1]!];
    const us = fromUs + share * (toUs - fromUs);
    let [best, bestUs]: [number | undefined, number] = [undefined, nearShare * (toUs - fromUs)];
    for (const [number] of points.slice(1)) {
      const awayUs = Math.abs(times[number]! - us);
      if (awayUs <= bestUs) [best, bestUs] = [number, awayUs];
    }
    return best ?? nearestSnapshot(times, us);
  }
}
