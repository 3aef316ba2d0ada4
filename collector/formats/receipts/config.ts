import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';

/** Keys that FlexLock leaves out of a comparison wherever they stand. */
const ignoredEverywhere = new Set(['save_dir', '_snapshot_']);

/** Keys that it adds itself and leaves out at the top only: deeper they are a user's own. */
const ignoredAtTop = new Set([
  'timestamp',
  'system',
  'job_id',
  'work_dir',
  'cwd',
  'date',
  'time',
  'datetime',
]);

/** What stands in a comparison where the own save_dir stood. */
const placeholder = '<SAVE_DIR>';

/** Nobody writes deeper configurations; below that values are compared as they are. */
const maxDepth = 100;

/** A configuration as comparisons see it: without what is of one run only, and with its save_dir replaced in values. */
export function comparableConfig(config: JsonObject): JsonObject {
  const saveDir = config['save_dir'];
  const own = typeof saveDir === 'string' ? saveDir.replace(/[/\\]+$/, '') : '';
  return cleanObject(config, own, 0);
}

function cleanObject(object: JsonObject, saveDir: string, depth: number): JsonObject {
  const cleaned: JsonObject = Object.create(null);
  for (const [key, value] of Object.entries(object)) {
    if (ignoredEverywhere.has(key) || (depth === 0 && ignoredAtTop.has(key))) continue;
    cleaned[key] = clean(value, saveDir, depth + 1);
  }
  return cleaned;
}

function clean(value: JsonValue, saveDir: string, depth: number): JsonValue {
  if (depth > maxDepth) return value;
  if (typeof value === 'string') return saveDir === '' ? value : replaceFolder(value, saveDir);
  if (Array.isArray(value)) return value.map((element) => clean(element, saveDir, depth + 1));
  return isObject(value) ? cleanObject(value, saveDir, depth) : value;
}

/** Only whole folder names: "results" in "results/a" is one, in "results_old/a" it is not. */
function replaceFolder(text: string, folder: string): string {
  let replaced = '';
  let from = 0;
  for (let at = text.indexOf(folder); at !== -1; at = text.indexOf(folder, at + 1)) {
    const end = at + folder.length;
    if (at < from || /[\w./\\-]/.test(text[at - 1] ?? ' ') || !/[/\\]|^$|[^\w.-]/.test(text[end] ?? ''))
      continue;
    replaced += text.slice(from, at) + placeholder;
    from = end;
  }
  return replaced + text.slice(from);
}
