import { isDeepStrictEqual } from 'node:util';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { keepNotation, notationOf } from '../../formats/yaml/cursor.ts';

const maps = ['config', 'config_texts', 'repos', 'data', 'inputs', 'outputs', 'lineage', 'prevs'];

/**
 * A receipt with another one added to it: what is there stays as it stands, time and environment included.
 * @throws DaybookError `exists` that names both paths, where a name is there already with other content.
 */
export function mergeReceipts(there: JsonObject, added: JsonObject, file: string): JsonObject {
  const merged: JsonObject = { ...there };
  for (const [key, value] of Object.entries(added)) {
    const before = there[key];
    if (before === undefined || before === null) merged[key] = value;
    else if (maps.includes(key) && isObject(before) && isObject(value)) {
      merged[key] = mergeMaps(before, value, { key, file, there, added });
    } else if (key === 'parent' || key === 'run') {
      if (before !== value) throw clash(key, say(before), say(value), file);
    }
  }
  return merged;
}

interface Place {
  key: string;
  file: string;
  there: JsonObject;
  added: JsonObject;
}

function mergeMaps(before: JsonObject, value: JsonObject, place: Place): JsonObject {
  const merged: JsonObject = Object.create(null);
  for (const [name, item] of Object.entries(before)) {
    merged[name] = item;
    const written = notationOf(before, name);
    if (written !== undefined) keepNotation(merged, name, written);
  }
  for (const [name, item] of Object.entries(value)) {
    const other = merged[name];
    if (other !== undefined && !isDeepStrictEqual(plain(other), plain(item))) {
      const [one, two] = [originOf(place, 'there', name), originOf(place, 'added', name)];
      throw clash(`${place.key}.${name}`, one, two, place.file);
    }
    merged[name] ??= item;
  }
  return merged;
}

/** Where an entry comes from, for people: the path of data or code, else the value itself. */
function originOf({ key, ...sides }: Place, side: 'there' | 'added', name: string): string {
  const member = (part: string) => {
    const map = sides[side][part];
    return isObject(map) ? map[name] : undefined;
  };
  const entry = member(key === 'data' ? 'inputs' : key);
  const path = isObject(entry) ? entry['path'] : undefined;
  return typeof path === 'string' ? path : say(member(key) ?? null);
}

const say = (value: JsonValue) => {
  const text = typeof value === 'string' ? value : (jsonText(value) ?? '');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** Maps without prototype and with one are equal. */
const plain = (value: JsonValue): unknown => parseJson(jsonText(value));

function clash(name: string, one: string, other: string, file: string): DaybookError {
  return new DaybookError(
    'exists',
    `"${name}" is in ${file} already and differs: there ${one}, now ${other}.`,
    {
      where: file,
      hint: 'Give the new one another name (name=path), or issue a receipt of its own with --out.',
    },
  );
}
