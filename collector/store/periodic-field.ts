import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly } from '../base/atomic-file.ts';
import { crc32Hex } from '../base/hash.ts';
import type { JsonObject, JsonValue } from '../base/json/json.ts';
import { formatPath, type Place, valueAt } from '../base/json/path.ts';
import { holdsExactNumbers, jsonText } from '../base/json/text.ts';
import { KeptFiles } from './kept-files.ts';
import { cacheFolder } from './layout.ts';
import { PeriodicFiles } from './periodic-files.ts';
import { ByTime } from './periodic-store.ts';
import type { ReadSnapshot } from './snapshot-file.ts';

/** What one snapshot says of a field. */
export interface FieldValue {
  id: string;
  atUs: number;
  /** Undefined where the snapshot has no such field. */
  value: JsonValue | undefined;
}

/**
 * Visits the values that a field has in all periodic snapshots, oldest first, and says how many snapshots are damaged. With the
 * name of this build as `build` the values are kept, and only snapshots are read that are new or have changed.
 */
export async function readField(
  root: string,
  place: Place,
  build: string | undefined,
  visit: (value: FieldValue) => void,
): Promise<number> {
  const path = formatPath(place);
  // What is kept under the name of another path is not believed.
  const kept = new KeptFiles(root, `field-${crc32Hex(path)}.json`, build && `${build} ${path}`);
  const sorter = new ByTime(visit);
  let damaged = 0;
  const files = new PeriodicFiles(root);
  for (const name of files.names) {
    let found: Found | undefined;
    const read = () => {
      found = valueIn(files.read(name), place);
      return isExact(found.value) ? undefined : (found as JsonObject);
    };
    const known = await kept.of(`snapshots/${name}`, read, () => kept.factsOf(files.fileOf(name)));
    found ??= known as Found;
    if (found.damaged === true) damaged += 1;
    if (found.atUs === undefined) continue;
    sorter.add({ id: name.slice(0, -'.json'.length), atUs: found.atUs, value: found.value });
  }
  sorter.end();
  kept.save();
  if (build !== undefined) forgetOldest(root);
  return damaged;
}

interface Found {
  atUs?: number;
  value?: JsonValue;
  damaged?: boolean;
}

function valueIn({ record, finding }: ReadSnapshot, place: Place): Found {
  const value = record === undefined ? undefined : valueAt(record.content, place);
  return {
    ...(record === undefined ? {} : { atUs: record.atUs }),
    ...(value === undefined ? {} : { value }),
    ...(finding?.severity === 'error' ? { damaged: true } : {}),
  };
}

/** Numbers that JavaScript would not give back are not kept. */
function isExact(value: JsonValue | undefined): boolean {
  return value !== undefined && holdsExactNumbers(jsonText(value));
}

/** So many fields are kept. */
const mostFields = 40;

function forgetOldest(root: string): void {
  const folder = join(cacheFolder(root), 'cache');
  try {
    const names = readdirSync(folder).filter((name) => /^field-[0-9a-f]{8}\.json$/.test(name));
    if (names.length <= mostFields) return;
    const timed = names.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }));
    for (const { name } of timed.sort((a, b) => b.at - a.at).slice(mostFields))
      removeQuietly(join(folder, name));
  } catch {
    // Another process may be at it.
  }
}
