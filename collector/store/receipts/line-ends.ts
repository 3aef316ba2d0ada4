import { readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { sha256Hex } from '../../base/hash.ts';
import { createXxh64 } from '../../base/xxh64.ts';
import { tryLiteral } from './code-parts.ts';

/** What a file was by its digests, as far as they are known. */
export interface RecordedBytes {
  /** "sha256:…" */
  digest?: string | undefined;
  xxh64?: string | undefined;
}

const largestBytes = 64 * 1024 * 1024;

/** Whether a text file would have its recorded bytes again if all its lines ended in the other way. */
export async function differsInLineEnds(
  path: string,
  recorded: RecordedBytes,
  maxBytes = largestBytes,
): Promise<boolean> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY) > maxBytes) return false;
  const bytes = readFileSync(path);
  if (bytes.includes(0) || !bytes.includes(10)) return false;
  const unix = bytes.toString('latin1').replaceAll('\r\n', '\n');
  for (const text of [unix, unix.replaceAll('\n', '\r\n')])
    if (await hasDigest(Buffer.from(text, 'latin1'), recorded)) return true;
  return false;
}

async function hasDigest(bytes: Buffer, { digest, xxh64 }: RecordedBytes): Promise<boolean> {
  if (digest !== undefined) return digest === `sha256:${sha256Hex(bytes)}`;
  const hasher = await createXxh64();
  hasher.begin();
  hasher.update(bytes);
  return Buffer.from(hasher.end()).toString('hex') === xxh64?.toLowerCase();
}

/** What may have turned the line ends of a file, as a phrase: the attribute or setting that git follows for it. */
export async function lineEndCause(path: string): Promise<string> {
  const folder = dirname(path);
  const listed = await tryLiteral(folder, ['ls-files', '--eol', '--', basename(path)]).catch(() => undefined);
  if (!listed?.ok) return 'no repository is around it, so git did not do it';
  if (listed.stdout === '') return 'git does not track it, so an editor or a copy did it';
  const attribute = /^i\/\S*\s+w\/\S*\s+attr\/(.*?)\s*\t/.exec(listed.stdout)?.[1] ?? '';
  const ofAttribute = `"${attribute}" stands for it in .gitattributes`;
  if (/\beol=/.test(attribute)) return ofAttribute;
  for (const name of ['core.autocrlf', 'core.eol']) {
    const value = (await tryLiteral(folder, ['config', '--get', name])).stdout.trim();
    if (value !== '' && value !== 'false') return `${name}=${value}`;
  }
  return attribute === '' || attribute === '-text' ? 'no setting of git explains it' : ofAttribute;
}
