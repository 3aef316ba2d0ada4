import type { SourceFiles } from '../../../../runs/evidence.ts';
import { joinPlace } from '../../../../runs/key.ts';
import { filesBelow } from '../files-below.ts';
import { attachedIn } from './files-attached.ts';
import { linkedFiles } from './links.ts';
import { placesOf } from './run-folder.ts';

/** What is read of a run and what lies beside it, and the artifacts, of which names and sizes are listed. */
export function filesOfRun(root: string, path: string): SourceFiles {
  const { experiment } = placesOf(path);
  const linked = linkedFiles(root, path);
  const below = (folder: string) => filesBelow(root, folder).map((name) => `${folder}/${name}`);
  return {
    read: [
      `${path}/meta.yaml`,
      joinPlace(experiment, 'meta.yaml'),
      ...below(joinPlace(experiment, 'tags')),
      ...['metrics', 'params', 'tags', 'inputs', 'outputs'].flatMap((part) => below(`${path}/${part}`)),
      ...linked.read,
    ],
    sized: [
      ...attachedIn(root, `${path}/artifacts`).map((name) => `${path}/artifacts/${name}`),
      ...linked.sized,
    ],
  };
}
