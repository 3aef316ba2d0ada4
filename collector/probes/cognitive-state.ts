import { isObject, type JsonValue } from '../base/json/json.ts';
import { documentProblem, readJsonDocument } from '../formats/text/document.ts';
import type { ProbeContext } from './context.ts';
import { readSource } from './source-file.ts';

const registry = 'memory-bundles/protocols/registry.json';

/** Names of the registered protocols; {"status": "unknown"} where there is no registry. */
export async function probeCognitiveState({ root }: ProbeContext): Promise<JsonValue> {
  const text = await readSource(root, registry);
  if (text === undefined) return { status: 'unknown' };
  const { value, problem } = readJsonDocument(text);
  if (problem !== undefined) throw new Error(documentProblem(registry, 'json', problem));
  const listed = isObject(value) ? (value.protocols ?? []) : value;
  if (!isObject(listed) && !Array.isArray(listed)) throw new Error(`${registry} holds no list of protocols`);
  return { protocols: namesOf(listed), status: 'active' };
}

/** Registries list protocols as names, as objects with a name, or as a map from name to description. */
function namesOf(listed: JsonValue): JsonValue[] {
  if (isObject(listed)) return Object.entries(listed).map(([key, entry]) => nameOf(entry) ?? key);
  if (!Array.isArray(listed)) return [];
  return listed.map((entry) => nameOf(entry) ?? entry);
}

function nameOf(entry: JsonValue): string | undefined {
  if (typeof entry === 'string') return entry;
  const name = isObject(entry) ? (entry.name ?? entry.protocol ?? entry.id) : undefined;
  return typeof name === 'string' ? name : undefined;
}
