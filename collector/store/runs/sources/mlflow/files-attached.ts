import { lastPartOf } from '../../../../runs/key.ts';
import type { RunArtifact } from '../../../../runs/record.ts';
import { noFacts } from '../artifacts.ts';
import { attachedFile, filesBelow } from '../files-below.ts';

/** More files than this are not listed of one run. */
const mostArtifacts = 1000;

/** The files below a folder of artifacts, as many as are listed. */
export function attachedIn(root: string, folder: string): string[] {
  return filesBelow(root, folder, mostArtifacts);
}

/** Files that a run attached. Those of a model say so; the folder of a model has a file of that name. */
export function filesAttached(root: string, folder: string): RunArtifact[] {
  const names = attachedIn(root, folder);
  const models = names
    .filter((name) => lastPartOf(name) === 'MLmodel')
    .map((name) => name.slice(0, -'MLmodel'.length));
  return names.map((name) => ({
    ...noFacts,
    id: name,
    type: models.some((model) => name.startsWith(model)) ? 'model' : 'artifact',
    tags: [],
    ...attachedFile(root, `${folder}/${name}`),
  }));
}
