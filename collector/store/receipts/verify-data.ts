import { isAbsolute, join } from 'node:path';
import { DaybookError, messageOf, reasonOf } from '../../base/errors.ts';
import { jsonText } from '../../base/json/text.ts';
import { isInside } from '../../base/paths.ts';
import { manifestChanges } from '../../formats/receipts/comparison.ts';
import { dataNames, dataPathOf } from '../../formats/receipts/data.ts';
import type { EntryVerdict, ReceiptContent, ReceiptInput } from '../../formats/receipts/record.ts';
import type { DataDigest } from './data-digest.ts';
import { differsInLineEnds, lineEndCause, type RecordedBytes } from './line-ends.ts';
import { maxFiles } from './verify-code.ts';
import { comparePointers } from './verify-pointers.ts';
import type { VerifySession } from './verify-session.ts';

type Verdict = Omit<EntryVerdict, 'part' | 'name'>;

/** Whether each input of a receipt still has the bytes that were recorded. */
export async function verifyData(content: ReceiptContent, session: VerifySession): Promise<EntryVerdict[]> {
  const entries: EntryVerdict[] = [];
  for (const name of dataNames(content))
    entries.push({ part: 'data', name, ...(await verifyInput(content, name, session)) });
  return entries;
}

const uncheckable = (why: string): Verdict => ({ state: 'uncheckable', why, files: [] });

async function verifyInput(content: ReceiptContent, name: string, session: VerifySession): Promise<Verdict> {
  const path = dataPathOf(content, name);
  if (path === undefined) return uncheckable('the receipt does not say where this data lies');
  const absolute = isAbsolute(path) ? path : join(session.root, path);
  const isOutside = !isInside(session.root, absolute);
  if (isOutside && session.isBounded)
    return uncheckable(`${path} lies outside of the book; run daybook verify`);
  try {
    const input = content.inputs[name];
    const digest = await session.digest(path, input?.manifest !== undefined);
    const verdict =
      input === undefined
        ? compareWeak(content.data[name]!, digest)
        : (comparePointers(input, digest.input) ?? compareInputs(input, content.data[name], digest));
    if (verdict.state !== 'changed') return verdict;
    const recorded = input ?? { kind: 'file', digest: undefined, manifest: undefined };
    const weak = input === undefined ? content.data[name] : undefined;
    return await withLineEnds(verdict, absolute, { ...recorded, xxh64: weak }, session.isBounded);
  } catch (error) {
    // A recorded path may be anything: what the system says of it is why it cannot be checked.
    if (!(error instanceof DaybookError)) return uncheckable(reasonOf(error));
    if (error.code === 'unavailable') return uncheckable('too large to check in a build; run daybook verify');
    if (error.code !== 'not-found') return uncheckable(messageOf(error).replace(/\.$/, ''));
    if (isOutside) return uncheckable(`${path} is not on this machine`);
    return { state: 'missing', why: `nothing is at ${path}`, files: [] };
  }
}

/** Looks whether nothing but line ends differs, in the file itself or in those that are named. */
async function withLineEnds(
  verdict: Verdict,
  path: string,
  recorded: RecordedBytes & Partial<Pick<ReceiptInput, 'kind' | 'manifest'>>,
  isBounded: boolean,
): Promise<Verdict> {
  const maxBytes = isBounded ? boundedBytes : undefined;
  const { files } = verdict;
  if (recorded.kind === 'file') {
    if (!(await differsInLineEnds(path, recorded, maxBytes))) return verdict;
    return { ...verdict, why: `it differs only in line ends: ${await lineEndCause(path)}` };
  }
  const turned: string[] = [];
  for (const file of files) {
    const digest = file.change === 'changed' ? recorded.manifest?.[file.path] : undefined;
    if (digest === undefined || recorded.kind !== 'folder') continue;
    const at = join(path, file.path);
    if (await differsInLineEnds(at, { digest }, maxBytes)) turned.push(at);
  }
  if (turned.length === 0) return verdict;
  const share = turned.length === files.length ? '' : `${turned.length} of them `;
  return { ...verdict, why: `${verdict.why}, ${share}only in line ends: ${await lineEndCause(turned[0]!)}` };
}

const boundedBytes = 4 * 1024 * 1024;

/** FlexLock's 64 bits: enough against accidents. */
function compareWeak(recorded: string, { xxh64, input }: DataDigest): Verdict {
  if (recorded.toLowerCase() !== xxh64 && input.pointers !== undefined)
    return uncheckable('Git LFS pointers stand there; run git lfs pull');
  if (recorded.toLowerCase() === xxh64)
    return { state: 'unchanged', why: 'by a 64-bit hash, which is no proof against intent', files: [] };
  return { state: 'changed', why: `the hash was ${recorded.slice(0, 40)} and is ${xxh64}`, files: [] };
}

function compareInputs(
  input: ReceiptInput,
  weak: string | undefined,
  { input: now, xxh64 }: DataDigest,
): Verdict {
  if (input.digest === now.digest) {
    const isOdd = weak !== undefined && weak.toLowerCase() !== xxh64;
    const why = isOdd ? 'the 64-bit hash in the receipt is another one, though' : undefined;
    return { state: 'unchanged', why, files: [] };
  }
  if (!/^sha256:[0-9a-f]{64}$/.test(input.digest))
    return uncheckable(`the digest ${jsonText(input.digest.slice(0, 60))} is of an unknown kind`);
  const files = manifestChanges(input.manifest, now.manifest);
  if (files.length > 0) {
    const why = files.length === 1 ? '1 file differs' : `${files.length} files differ`;
    return { state: 'changed', why, files: files.slice(0, maxFiles) };
  }
  return { state: 'changed', why: countsOf(input, now), files: [] };
}

function countsOf(before: ReceiptInput, now: ReceiptInput): string {
  if (before.kind === 'file') return `${before.bytes} bytes then, ${now.bytes} now`;
  const [then, today] = [before, now].map(({ files, bytes }) => `${files} files with ${bytes} bytes`);
  return then === today
    ? `as many files and bytes as then (${then}), with other content`
    : `${then} then, ${today} now`;
}
