import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';

/** What a dvc.yaml says beside what its lock knows. */
export interface Pipeline {
  /** Names of its stages; of one that is written once for several, the name before "@". */
  stages: string[];
  /** Patterns of paths of metrics, relative to its folder, those of stages and of the whole. */
  metrics: RegExp[];
  plots: RegExp[];
  /** What it says of each stage. */
  descriptions: ReadonlyMap<string, string>;
  /** Paths of metrics as written, where no part of them is still to be filled in. */
  paths: string[];
}

/** The stages, metrics and plots of a dvc.yaml. */
export function pipelineIn(document: JsonObject): Pipeline {
  const stages = isObject(document['stages']) ? document['stages'] : {};
  const metrics = pathsIn(document['metrics']);
  const plots = plotsIn(document['plots']);
  const descriptions = new Map<string, string>();
  for (const [name, stage] of Object.entries(stages)) {
    if (!isObject(stage)) continue;
    // One that stands for several has what it says below "do".
    const body = isObject(stage['do']) ? stage['do'] : stage;
    metrics.push(...pathsIn(body['metrics']));
    plots.push(...pathsIn(body['plots']));
    const description = body['desc'];
    if (typeof description === 'string') descriptions.set(name, description);
  }
  return {
    stages: Object.keys(stages),
    metrics: metrics.map(patternOf),
    plots: plots.map(patternOf),
    descriptions,
    paths: metrics.filter((path) => !path.includes('${')),
  };
}

/** "train" of "train@0". */
export function baseOfStage(name: string): string {
  return name.replace(/@.*$/s, '');
}

/** A list of paths, each by itself or with what is said of it: ["a.json", { "b.json": { cache: false } }]. */
function pathsIn(list: JsonValue | undefined): string[] {
  if (typeof list === 'string') return [list];
  if (isObject(list)) return Object.keys(list);
  return Array.isArray(list) ? list.flatMap(pathsIn) : [];
}

/** Plots of the whole may have a name and say which files their lines are of. */
function plotsIn(list: JsonValue | undefined): string[] {
  if (isObject(list)) return Object.entries(list).flatMap(([name, plot]) => [name, ...filesOfPlot(plot)]);
  if (Array.isArray(list)) return list.flatMap((each) => (isObject(each) ? plotsIn(each) : pathsIn(each)));
  return [];
}

function filesOfPlot(plot: JsonValue): string[] {
  const y = isObject(plot) ? plot['y'] : undefined;
  return isObject(y) ? Object.keys(y) : [];
}

/** What is to be filled in, "${item}", may be anything. */
function patternOf(path: string): RegExp {
  const parts = path.replace(/^\.\//, '').split(/\$\{[^}]*\}/);
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`, 's');
}
