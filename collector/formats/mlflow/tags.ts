import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { showText } from '../../base/show.ts';

/** What the tags of a run of MLflow say: those that users set, and what MLflow notes of the run in tags of its own. */
export interface TagsRead {
  /** "key=value", or the key alone where the value says no more than that. */
  own: string[];
  name: string | undefined;
  note: string | undefined;
  parentId: string | undefined;
  commit: string | undefined;
  user: string | undefined;
  /** Everything else that MLflow notes, under names that people know. */
  facts: (readonly [name: string, value: string])[];
}

const longestTag = 120;
const longestFact = 300;

/** Tags of MLflow itself that have a place elsewhere, or say nothing to a reader. */
const placed = new Set([
  'mlflow.runName',
  'mlflow.note.content',
  'mlflow.parentRunId',
  'mlflow.source.git.commit',
  'mlflow.user',
  'mlflow.gitRepoURL',
  'mlflow.gitBranch',
  'mlflow.rootRunId',
]);

const names: Readonly<Record<string, string>> = {
  'mlflow.source.name': 'Program',
  'mlflow.source.type': 'Kind',
  'mlflow.source.git.branch': 'Branch',
  'mlflow.source.git.repoURL': 'Repository',
  'mlflow.project.entryPoint': 'Entry point',
  'mlflow.project.env': 'Environment',
  'mlflow.project.backend': 'Backend',
  'mlflow.docker.image.id': 'Image',
  'mlflow.autologging': 'Autologging',
};

/** Reads the tags of a run; the order of what they say is theirs. */
export function readTags(tags: ReadonlyMap<string, string>): TagsRead {
  const of = (name: string) => tags.get(name) || undefined;
  const read: TagsRead = {
    own: [],
    name: of('mlflow.runName'),
    note: of('mlflow.note.content'),
    parentId: of('mlflow.parentRunId'),
    commit: of('mlflow.source.git.commit'),
    user: of('mlflow.user'),
    facts: [],
  };
  for (const [name, value] of tags) {
    if (!name.startsWith('mlflow.')) read.own.push(ownTag(name, value));
    else if (name === 'mlflow.log-model.history') read.facts.push(...loggedModels(value));
    else if (!placed.has(name) && value !== '') read.facts.push([names[name] ?? name, shown(value)]);
  }
  return read;
}

function ownTag(name: string, value: string): string {
  const says = value.trim();
  return says === '' || says.toLowerCase() === 'true' ? name : `${name}=${showText(says, longestTag)}`;
}

/** Models that were logged with the run, and which libraries can load each. */
function loggedModels(text: string): [name: string, value: string][] {
  const parsed = parseLenientJson(text);
  const list = parsed.ok && Array.isArray(parsed.value) ? parsed.value.filter(isObject) : [];
  const models = list.map((model) => {
    const flavors = Object.keys((isObject(model['flavors']) ? model['flavors'] : {}) as JsonObject);
    const path = String(model['artifact_path'] ?? model['model_uuid'] ?? '');
    return flavors.length === 0 ? path : `${path} (${flavors.join(', ')})`;
  });
  return models.length === 0 ? [] : [['Logged models', shown([...new Set(models)].join(', '))]];
}

function shown(text: string): string {
  return text.length > longestFact ? `${text.slice(0, longestFact - 1)}…` : text;
}
