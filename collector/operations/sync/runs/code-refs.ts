import { createHash } from 'node:crypto';
import { messageOf } from '../../../base/errors.ts';
import { plural } from '../../../base/format/words.ts';
import { tryGit } from '../../../base/git.ts';
import type { BookConfig } from '../../../formats/config/config.ts';
import type { SyncPlace } from '../place.ts';
import { outcomeOf } from '../push-outcome.ts';
import { fetchRefs, pushTo } from '../remote.ts';
import { RunMemory } from './memory.ts';

/** Where receipts keep the code of runs: work trees with untracked files, called by their content. */
const codeRefs = 'refs/daybook/runs';

/**
 * Pushes the recorded code of receipts where daybook.yaml asks for it; gives what a person should know. The book is published by
 * then, so that what fails here is told and no error. A ref that the remote has otherwise stays as it is there.
 */
export async function pushCode(
  place: SyncPlace,
  { sync: { runs } }: Pick<BookConfig, 'sync'>,
): Promise<string[]> {
  if (typeof runs === 'string' || !runs.code || place.ownIndex === undefined || place.remote === '')
    return [];
  const { stdout } = await tryGit(place.top, ['for-each-ref', '--format=%(refname) %(objectname)', codeRefs]);
  const count = stdout.split('\n').length - 1;
  const memory = new RunMemory(place);
  const oid = createHash('sha256').update(stdout).digest('hex');
  if (count === 0 || memory.of(codeRefs)?.agreed === oid) return [];
  try {
    const result = await pushTo(place, [], [`${codeRefs}/*:${codeRefs}/*`]);
    const refused = result.stdout.split('\n').filter((line) => line.startsWith('!\t')).length;
    const isDone = refused > 0 && /^[ *=]\t/m.test(result.stdout);
    if (!isDone && outcomeOf(result, place.remote, codeRefs) !== 'taken')
      return [`The code of receipts was not pushed: ${place.remote} has other refs of those names.`];
    if (refused > 0)
      return [`${plural(refused, 'ref')} of recorded code stay as they are at ${place.remote}.`];
  } catch (error) {
    return [`The code of receipts was not pushed: ${messageOf(error)}`];
  }
  memory.note(codeRefs, { facts: '', oid });
  memory.agree(codeRefs, oid);
  memory.save();
  return [];
}

/** Fetches it into a clone; a ref that is here already and differs stays. */
export async function fetchCode(
  place: SyncPlace,
  { sync: { runs } }: Pick<BookConfig, 'sync'>,
): Promise<string[]> {
  if (typeof runs === 'string' || !runs.code || place.remote === '') return [];
  try {
    await fetchRefs(place, [place.remote, `${codeRefs}/*:${codeRefs}/*`]);
    return [];
  } catch (error) {
    return [`Not all recorded code was fetched: ${messageOf(error)}`];
  }
}
