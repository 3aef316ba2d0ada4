import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../browser.ts';
import type { FieldPoint, SectionFields } from './field-histories.ts';
import type { FieldIndex } from './index.ts';

/** The values of one followed field as published in `folder`; remembers the file read last. Undefined for a field that is not followed. */
export function publishedFieldPoints(folder: string): (path: string) => FieldPoint[] | undefined {
  const read = (name: string): unknown =>
    parseJson(readFileSync(join(folder, 'fields', `${name}.json`), 'utf8'));
  let files: Map<string, string> | undefined;
  let loaded: { file: string; points: Map<string, FieldPoint[]> } | undefined;
  return (path) => {
    files ??= new Map(
      (read('index') as FieldIndex).sections.flatMap(({ file, fields }) =>
        fields.map((field) => [field.path, file] as const),
      ),
    );
    const file = files.get(path);
    if (file === undefined) return undefined;
    if (loaded?.file !== file) {
      const { fields } = read(file) as SectionFields;
      loaded = { file, points: new Map(fields.map((field) => [field.path, field.points])) };
    }
    return loaded.points.get(path);
  };
}
