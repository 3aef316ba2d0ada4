import { linesLacking } from '../../../formats/metrics/join.ts';
import { appendLines } from '../../../store/runs/append-lines.ts';
import {
  bringTheirs,
  type JoinContext,
  type JoinedFile,
  type OwnFile,
  publishOwn,
  shownBytes,
} from './join-context.ts';

/** Joins the lines of a file of metrics: each side gets those that it lacks, by appending, because somebody may be recording. */
export async function joinMetricsFile(
  context: JoinContext,
  { path, file, their }: JoinedFile,
  own: OwnFile | undefined,
): Promise<void> {
  const { joined, memory, place, store, wish } = context;
  if (own === undefined) {
    if (await bringTheirs(context, path, their!, 'metrics')) context.agreeOn(path, their!);
    return;
  }
  if (their === undefined) {
    const oid = await publishOwn(context, path, own);
    if (oid !== undefined) context.agreeOn(path, oid);
    return;
  }
  if (memory.isAgreed(path, own.oid, their)) return;
  const [theirLines] = await place.objects.blobs([their]);
  const ownLines = shownBytes(context, path, own);
  if (ownLines === undefined) return;
  const lackingHere = linesLacking(ownLines, theirLines!);
  const lackingThere = linesLacking(theirLines!, ownLines);
  // Where a line is being written at this moment, the next sync takes theirs in.
  const isTaken = appendLines(file, lackingHere);
  if (isTaken && lackingHere.length > 0) joined.received++;
  let oid = their;
  if (lackingThere.length > 0) {
    if (!wish.publish) return;
    const end = theirLines!.length === 0 || theirLines!.at(-1) === 10 ? [] : [Buffer.from('\n')];
    oid = await store.put(Buffer.concat([theirLines!, ...end, lackingThere]));
    context.put(path, oid);
  }
  if (isTaken) context.agreeOn(path, oid);
}
