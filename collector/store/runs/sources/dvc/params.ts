import { isObject, type JsonObject } from '../../../../base/json/json.ts';

/** Parameters of params.yaml under their own names, those of other files with the file in front. */
export function paramsOf(params: JsonObject): JsonObject {
  const all: JsonObject = {};
  for (const [file, values] of Object.entries(params)) {
    if (!isObject(values)) continue;
    for (const [name, value] of Object.entries(values))
      all[file === 'params.yaml' ? name : `${file}:${name}`] = value;
  }
  return all;
}
