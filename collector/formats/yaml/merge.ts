import { isObject, type JsonValue } from '../../base/json/json.ts';
import { keepNotation, notationOf, type YamlCursor, YamlStop } from './cursor.ts';

/** The key that takes the members of other maps in; in quotes it is a name like any other. */
export const mergeKey = '<<';

/**
 * Puts the members of maps behind "<<" into the map that has the key, as PyYAML does: its own members stay, and of
 * several maps the first one counts.
 */
export function mergeMaps(
  cursor: YamlCursor,
  map: Record<string, JsonValue>,
  sources: readonly JsonValue[],
): void {
  for (const source of sources.flat() as JsonValue[]) {
    if (!isObject(source)) throw new YamlStop(cursor, 'something else than a map behind "<<"');
    for (const [key, value] of Object.entries(source)) {
      if (key in map) continue;
      map[key] = value;
      cursor.nodes += 1;
      const written = notationOf(source, key);
      if (written !== undefined) keepNotation(map, key, written);
    }
  }
}
