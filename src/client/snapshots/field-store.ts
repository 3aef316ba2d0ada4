import type { FieldPoint, SectionFields } from '../../data/snapshots/field-histories.ts';
import type { FieldIndex } from '../../data/snapshots/index.ts';
import { type FieldHabits, fieldHabits } from '../../data/snapshots/ranking.ts';
import { type DataFiles, siteReplaced } from '../data-files.ts';
import { Kept } from '../kept.ts';

/** The followed fields of a book: how often each changed, and the values of those that are asked for. */
export class FieldStore {
  readonly habits: FieldHabits;
  readonly #fileOf: Map<string, string>;
  readonly #sections: Kept<string, SectionFields>;

  constructor(files: DataFiles, { sections }: FieldIndex, snapshots: readonly string[]) {
    this.habits = fieldHabits({ fields: sections.flatMap(({ fields }) => fields), snapshots });
    this.#fileOf = new Map(sections.flatMap(({ file, fields }) => fields.map(({ path }) => [path, file])));
    this.#sections = new Kept((file) => files.json(file) as Promise<SectionFields>);
  }

  /** Opens data/fields; of the files with values only those are loaded that hold a field asked for. */
  static async open(files: DataFiles, snapshots: readonly string[]): Promise<FieldStore> {
    return new FieldStore(files, (await files.json('index')) as FieldIndex, snapshots);
  }

  has(path: string): boolean {
    return this.#fileOf.has(path);
  }

  /** All values of a field that the store has, oldest first. */
  async points(path: string): Promise<FieldPoint[]> {
    const { fields } = await this.#sections.get(this.#fileOf.get(path)!);
    const found = fields.find((field) => field.path === path);
    if (found === undefined) throw siteReplaced();
    return found.points;
  }
}
