import { FieldFiles, pointsIn } from '../../data/snapshots/field-points.ts';
import type { FieldIndex, FieldPoint, FieldValues, RolledFields } from '../../data/snapshots/index.ts';
import { type FieldHabits, fieldHabits } from '../../data/snapshots/ranking.ts';
import { type RolledSpan, rolledSpans } from '../../data/snapshots/rolled.ts';
import { type DataFiles, replaced, siteReplaced } from '../data-files.ts';
import { Kept } from '../kept.ts';

/** The followed fields of a book: how often each changed, and the values of those that are asked for. */
export class FieldStore {
  readonly habits: FieldHabits;
  readonly #places: FieldFiles;
  readonly #values: Kept<string, FieldValues>;
  readonly #rolled: () => Promise<RolledFields>;

  constructor(files: DataFiles, index: FieldIndex, snapshots: readonly string[]) {
    this.habits = fieldHabits({ fields: index.fields, snapshots });
    this.#places = new FieldFiles(index);
    const { rolled } = index;
    const kept = new Kept((file: string) => files.packedJson(file).catch(replaced) as Promise<RolledFields>);
    this.#rolled = async () => (rolled === undefined ? { spans: [], fields: [] } : kept.get(rolled));
    this.#values = new Kept((file) => files.packedJson(file).catch(replaced) as Promise<FieldValues>);
  }

  /** Opens data/fields; of the files with values only those are loaded that hold a field asked for. */
  static async open(files: DataFiles, snapshots: readonly string[]): Promise<FieldStore> {
    return new FieldStore(files, (await files.json('index')) as FieldIndex, snapshots);
  }

  has(path: string): boolean {
    return this.#places.of(path) !== undefined;
  }

  /** All values of a field that the store has, oldest first. */
  async points(path: string): Promise<FieldPoint[]> {
    const all = await Promise.all(
      this.#places.of(path)!.map(async (place) => pointsIn(await this.#values.get(place.file), path, place)),
    );
    return all.flatMap((points) => {
      if (points === undefined) throw siteReplaced();
      return points;
    });
  }

  /** What roll-ups keep of a field in snapshots that were thinned out, oldest first. */
  async rolled(path: string): Promise<RolledSpan[]> {
    return rolledSpans(await this.#rolled(), path);
  }
}
