import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../browser.ts';
import { FieldFiles, pointsIn } from './field-points.ts';
import type { FieldIndex, FieldPoint, FieldValues, RolledFields } from './index.ts';
import { readPacked } from './publish/chunks.ts';
import { type RolledSpan, rolledSpans } from './rolled.ts';

/** The values of one followed field as published in `folder`; remembers the files of the field before. Undefined for a field that is not followed. */
export function publishedFieldPoints(folder: string): (path: string) => FieldPoint[] | undefined {
  const home = join(folder, 'fields');
  let files: FieldFiles | undefined;
  let read = new Map<string, FieldValues>();
  return (path) => {
    files ??= new FieldFiles(
      parseJson(readFileSync(join(home, 'index.json'), 'utf8')) as unknown as FieldIndex,
    );
    const places = files.of(path);
    if (places === undefined) return undefined;
    const before = read;
    read = new Map(
      places.map(({ file }) => [file, before.get(file) ?? (readPacked(home, file) as FieldValues)]),
    );
    return places.flatMap((place) => pointsIn(read.get(place.file)!, path, place) ?? []);
  };
}

/** What roll-ups keep of a followed field, as published in `folder`. */
export function publishedRolledSpans(folder: string): (path: string) => RolledSpan[] {
  const home = join(folder, 'fields');
  let all: RolledFields | undefined;
  return (path) => {
    all ??= readRolled(home);
    return rolledSpans(all, path);
  };
}

function readRolled(home: string): RolledFields {
  const { rolled } = parseJson(readFileSync(join(home, 'index.json'), 'utf8')) as unknown as FieldIndex;
  return rolled === undefined ? { spans: [], fields: [] } : (readPacked(home, rolled) as RolledFields);
}
