import { DaybookError, messageOf } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { spoolFolders } from '../../store/spool/spool-place.ts';
import type { SyncResult } from './result.ts';

/** Records of the book that lie outside of it, in the spool, and why. */
export interface StillWaiting {
  records: number;
  /** Files whose content nobody can read. */
  damaged: number;
  folders: string[];
  failure: unknown;
}

/** Takes what waits in the spool into the book before it is published; undefined where nothing is left waiting. */
export async function takeInWaiting(root: string): Promise<StillWaiting | undefined> {
  if (spoolFolders(root).length === 0) return undefined;
  const { countWaiting, takeInSpool } = await import('../../store/spool/take-in.ts');
  const failure = await takeInSpool(root).then(
    () => undefined,
    (error: unknown) => error,
  );
  const { records, damaged, folders } = countWaiting(root);
  return records + damaged === 0 ? undefined : { records, damaged, folders, failure };
}

/** @throws DaybookError where records wait on: they were recorded and must not look as if they were published. */
export function refuseWaiting(
  waiting: StillWaiting | undefined,
  { commit, remote, branch, files }: Pick<SyncResult, 'commit' | 'remote' | 'branch' | 'files'>,
): void {
  if (waiting === undefined) return;
  const { records, damaged, folders, failure } = waiting;
  const done = remote === null ? 'committed' : 'published';
  const target = remote === null ? branch : `${remote}/${branch}`;
  const counts = [
    ...(records === 0 ? [] : [plural(records, 'record')]),
    ...(damaged === 0 ? [] : [`${plural(damaged, 'file')} that cannot be read`]),
  ];
  const why = failure === undefined ? '' : ` (${messageOf(failure)})`;
  const rest =
    commit === null
      ? 'Nothing else had changed.'
      : `Everything else was ${done}: ${plural(files, 'file')}, ${commit.slice(0, 10)} on ${target}.`;
  const cause = failure instanceof DaybookError ? failure : undefined;
  throw new DaybookError(
    cause?.code ?? (failure === undefined ? 'unreadable' : 'unwritable'),
    `Not all of the book was ${done}. ${counts.join(' and ')} in the spool could not be taken in${why}. ${rest}`,
    {
      hint: cause?.hint ?? (damaged > 0 ? damagedHint : busyHint),
      where: folders[0]!,
    },
  );
}

const damagedHint =
  'Take what can still be read out of the files that end in .damaged there, move them away, then run daybook sync again.';
const busyHint =
  'Another process may be taking them in: run daybook sync again; daybook doctor says what waits.';
