import { folderOf, joinPlace, lastPartOf } from '../../../../runs/key.ts';
import { filesBelow } from '../files-below.ts';
import { resultSource } from './source.ts';

const mostFiles = 20_000;

/** The folder of criterion, target/criterion: what was measured last, and each baseline that was saved. */
export const criterionSource = resultSource({
  name: 'criterion',
  what: 'estimates of criterion (JSON)',
  claims: () => false,
  claimsFolder: (path, names) =>
    lastPartOf(path) === 'criterion' && (lastPartOf(folderOf(path)) === 'target' || names.has('report')),
  filesOf(root, path) {
    const found = filesBelow(root, path, mostFiles).filter((file) =>
      /\/(?:estimates|benchmark)\.json$/.test(file),
    );
    const all = new Set(found);
    return found.filter((file) => isCounted(file, all)).map((file) => joinPlace(path, file));
  },
  load: async () => (await import('../../../../formats/results/criterion.ts')).readCriterion,
});

/** "change" compares two measurements, and "base" is what was measured last once more, where nobody said otherwise. */
function isCounted(file: string, all: ReadonlySet<string>): boolean {
  const folder = folderOf(file);
  const baseline = lastPartOf(folder);
  if (baseline === 'change') return false;
  return baseline !== 'base' || !all.has(joinPlace(folderOf(folder), 'new/estimates.json'));
}
