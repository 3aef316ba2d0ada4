import type { SiteBook } from '../../data/book/types.ts';
import type { FieldPoint, SectionFields } from '../../data/snapshots/field-histories.ts';
import type { FieldIndex } from '../../data/snapshots/index.ts';
import { type FieldHabits, fieldHabits } from '../../data/snapshots/ranking.ts';
import { dataFiles } from '../data-files.ts';

/** The followed fields of a book: how often each changed, and the values of those that are asked for. */
export interface FieldStore {
  habits: FieldHabits;
  has(path: string): boolean;
  /** All values of a field, oldest first. */
  points(path: string): Promise<FieldPoint[]>;
}

/** Opens data/fields below `base`; of the files with values only those are loaded that hold a field asked for. */
export async function openFieldStore(base: string, snapshots: readonly string[]): Promise<FieldStore> {
  const files = dataFiles(base, 'fields/');
  const { sections } = (await files.json('index')) as FieldIndex;
  const fileOf = new Map(
    sections.flatMap(({ file, fields }) => fields.map(({ path }) => [path, file] as const)),
  );
  const fields = sections.flatMap((section) => section.fields);
  const loaded = new Map<string, Promise<FieldPoint[]>>();
  const load = async (path: string): Promise<FieldPoint[]> => {
    const section = (await files.json(fileOf.get(path)!)) as SectionFields;
    const found = section.fields.find((field) => field.path === path);
    if (found === undefined)
      throw new Error('the site was built again since this page was opened; reload the page');
    return found.points;
  };
  return {
    habits: fieldHabits({ fields, snapshots } as unknown as Pick<SiteBook, 'fields' | 'snapshots'>),
    has: (path) => fileOf.has(path),
    points(path) {
      const known = loaded.get(path) ?? load(path);
      loaded.set(path, known);
      known.catch(() => loaded.delete(path));
      return known;
    },
  };
}
