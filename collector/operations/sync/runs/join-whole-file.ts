import { writeFileAtomic } from '../../../base/atomic-file.ts';
import { withFileLock } from '../../../store/file-lock.ts';
import {
  bringTheirs,
  type JoinContext,
  type JoinedFile,
  type OwnFile,
  publishOwn,
  readShown,
} from './join-context.ts';
import { besideOf, besidePath, runKindOf } from './run-paths.ts';

/**
 * Joins a receipt or the file of an experiment. What one side changed alone is taken from there. Of two that differ the branch keeps
 * its own under the name, ours is published beside it, and theirs is put beside ours: both are there as runs, and neither is written over.
 */
export async function joinWholeFile(
  context: JoinContext,
  { path, file, their }: JoinedFile,
  own: OwnFile | undefined,
): Promise<void> {
  const { memory, wish } = context;
  const kind = runKindOf(path)!;
  if (own === undefined) {
    if (isOurs(context, path, their!)) return;
    if (!(await bringTheirs(context, path, their!, kind))) return;
    memory.learn(path, wish.past?.get(path) ?? []);
    context.agreeOn(path, their!);
    return;
  }
  const isNewer = their === undefined || memory.isPast(path, their);
  if (isNewer) {
    const oid = await publishOwn(context, path, own);
    if (oid !== undefined) context.agreeOn(path, oid);
    return;
  }
  const isOlder = memory.of(path)?.agreed === own.oid || wish.past?.get(path)?.has(own.oid) === true;
  if (isOlder && (await replace(context, path, file, own, their!))) {
    memory.learn(path, wish.past?.get(path) ?? []);
    context.agreeOn(path, their!);
  } else if (!isOlder) await keepBoth(context, path, own, their!);
}

/** What others put beside theirs because ours has another content lies here under its own name. */
function isOurs({ memory }: JoinContext, path: string, oid: string): boolean {
  const beside = besideOf(path);
  return beside !== undefined && memory.isPast(beside.path, oid);
}

/** Only while the file is what it was when this was decided. */
async function replace(
  context: JoinContext,
  path: string,
  file: string,
  own: OwnFile,
  their: string,
): Promise<boolean> {
  const { root, place, memory, store, joined } = context;
  const [bytes] = await place.objects.blobs([their]);
  return withFileLock(root, 'experiment', path, async () => {
    const now = readShown(context, path, runKindOf(path)!);
    if (now === undefined || store.idOf(now.bytes) !== own.oid) return false;
    writeFileAtomic(file, bytes!);
    memory.note(path, { facts: '', oid: their });
    joined.received++;
    return true;
  });
}

async function keepBoth(context: JoinContext, path: string, own: OwnFile, their: string): Promise<void> {
  const { joined, place, theirs, wish } = context;
  const branch = place.remote === '' ? place.branch : `${place.remote}/${place.branch}`;
  const [ours, others] = [besidePath(path, own.oid), besidePath(path, their)];
  const isNew = theirs.get(ours) !== own.oid && wish.publish;
  if (isNew) await publishOwn(context, path, own, ours);
  const isBrought = !wish.here.has(others) && (await bringTheirs(context, others, their, runKindOf(path)!));
  if (!isNew && !isBrought) return;
  joined.notes.push(
    `${path} here and on ${branch} are of different runs; both stay: that one is ${others} here${wish.publish ? `, and the one from here is ${ours} there` : ''}.`,
  );
}
