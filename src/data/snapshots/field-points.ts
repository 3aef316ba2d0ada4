import type { FieldIndex, FieldPoint, FieldValues } from './index.ts';

/** Where the values of the followed fields stand. */
export class FieldFiles {
  readonly #numbers: Map<string, number>;
  readonly #places = new Map<number, FieldPlace[]>();

  constructor({ fields, parts }: FieldIndex) {
    this.#numbers = new Map(fields.map(({ path }, number) => [path, number]));
    for (const { first, files } of parts)
      for (const { file, fields: held } of files)
        for (const number of held) {
          const places = this.#places.get(number);
          if (places === undefined) this.#places.set(number, [{ file, first }]);
          else places.push({ file, first });
        }
  }

  /** The files that hold values of a field, oldest first; undefined for a field that is not followed. */
  of(path: string): readonly FieldPlace[] | undefined {
    const number = this.#numbers.get(path);
    return number === undefined ? undefined : (this.#places.get(number) ?? []);
  }
}

/** A file with values of a field, and the number of the snapshot that its numbers count from. */
export interface FieldPlace {
  file: string;
  first: number;
}

/** The points of a field in a file, numbered as the snapshots of the book are; undefined where the file has another content. */
export function pointsIn(values: FieldValues, path: string, { first }: FieldPlace): FieldPoint[] | undefined {
  const points = values.fields.find((field) => field.path === path)?.points;
  return points?.map((point) => (point.length === 1 ? [first + point[0]] : [first + point[0], point[1]]));
}
