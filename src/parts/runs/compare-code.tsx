import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { CodeChange, CommitChange } from '../../data/runs/code-changes.ts';
import { foldPart, pathPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** More commits are not read. */
const maxCommits = 50;

/** Files that differ from the first run's code. */
export function filesPart({ files, count }: CodeChange): Part {
  if (count === 0) return <span class="compare-word"> no file of the code differs</span>;
  return foldPart(
    `${plural(count, 'file')} not as in A`,
    <ul class="compare-files">
      {files.map(({ path, change, lines }) => (
        <li>
          {pathPart(path)}{' '}
          <span class="compare-word">{change === 'changed' ? lines : `${change} ${lines}`}</span>
        </li>
      ))}
      {count > files.length && <li class="compare-word">and {formatCount(count - files.length)} more</li>}
    </ul>,
  );
}

/** Commits on the way from the first run's code. */
export function commitsPart({ added, removed }: CommitChange): Part | undefined {
  const told = (commits: CommitChange['added'], where: string) => {
    const count =
      commits.length >= maxCommits ? `${maxCommits} or more commits` : plural(commits.length, 'commit');
    return commits.length > 0 ? [`${count} ${where}`] : [];
  };
  const words = [...told(added, 'after A'), ...told(removed, 'only in A')];
  if (words.length === 0) return undefined;
  return foldPart(
    words.join(', '),
    <ul class="compare-files">
      {[...added.map((one) => ({ ...one, sign: '+' })), ...removed.map((one) => ({ ...one, sign: '−' }))].map(
        ({ id, subject, sign }) => (
          <li>
            {sign} {id.slice(0, 7)} <span class="compare-word">{subject}</span>
          </li>
        ),
      )}
    </ul>,
  );
}
