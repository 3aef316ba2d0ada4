import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { pathLists } from './artifacts.ts';

/**
 * The text of an experiment file, or of the one beside it, for another folder: paths of its artifacts as `move` has them, and
 * an id that is the name of the folder is that of the new one. What is no JSON stays as it is.
 */
export function movedExperiment(
  text: string,
  { move, id }: { move: (path: string) => string; id: { from: string; to: string } },
): string {
  const parsed = parseLenientJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return text;
  const moved: JsonObject = { ...parsed.value };
  for (const [, list] of pathLists) {
    const paths = moved[list];
    if (Array.isArray(paths)) moved[list] = paths.map((path) => movedText(path, move));
  }
  const artifacts = moved['artifacts'];
  if (Array.isArray(artifacts)) moved['artifacts'] = artifacts.map((each) => movedArtifact(each, move));
  if (moved['experiment_id'] === id.from) moved['experiment_id'] = id.to;
  return `${jsonText(moved, 2)}\n`;
}

function movedArtifact(artifact: JsonValue, move: (path: string) => string): JsonValue {
  if (!isObject(artifact) || artifact['path'] === undefined) return artifact;
  return { ...artifact, path: movedText(artifact['path'], move) };
}

function movedText(value: JsonValue, move: (path: string) => string): JsonValue {
  return typeof value === 'string' ? move(value) : value;
}
