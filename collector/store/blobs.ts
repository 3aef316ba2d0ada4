import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { sha256Hex } from '../base/hash.ts';
import type { JsonValue } from '../base/json/json.ts';
import { parseLenientJson } from '../base/json/lenient.ts';
import { showText } from '../base/show.ts';
import { type BlobReference, isBlobReference } from '../formats/actions/action.ts';
import type { Finding, FindingCode } from '../formats/findings/finding.ts';
import { textOfFile } from '../formats/text/file.ts';
import { blobsFolder } from './layout.ts';
import { readRecorded, whyUnreadable } from './recorded-file.ts';

const previewCharacters = 400;

/** What a line keeps of details that are too large for it. */
export function blobReferenceOf(json: string): BlobReference {
  const bytes = Buffer.from(json);
  return {
    $blob: `sha256:${sha256Hex(bytes)}`,
    bytes: bytes.length,
    preview: json.slice(0, previewCharacters),
  };
}

/** Puts details that are too large for a line into snapshots/blobs. */
export function writeBlob(root: string, json: string): void {
  const path = join(blobsFolder(root), `${sha256Hex(json)}.json`);
  if (!existsSync(path)) writeFileAtomic(path, json);
}

/** Details with their blob loaded; where it is missing or damaged, what the line kept, and a finding. */
export function resolveDetails(root: string, details: JsonValue): { details: JsonValue; finding?: Finding } {
  if (!isBlobReference(details)) return { details };
  const digest = /^sha256:([0-9a-f]{64})$/.exec(details.$blob)?.[1];
  if (digest === undefined) {
    return {
      details,
      finding: blobFinding('damaged-blob', 'snapshots/blobs', 'a digest "sha256:…"', showText(details.$blob)),
    };
  }
  const file = `snapshots/blobs/${digest}.json`;
  const path = join(blobsFolder(root), `${digest}.json`);
  try {
    const bytes = readRecorded(path);
    const { text, remark } = textOfFile(bytes);
    if (text === undefined) return { details, finding: { ...remark!, file } };
    const found = sha256Hex(bytes);
    if (found !== digest)
      return { details, finding: blobFinding('damaged-blob', file, `sha256 ${digest}`, `sha256 ${found}`) };
    const parsed = parseLenientJson(text);
    if (parsed.ok) return { details: parsed.value };
    return { details, finding: blobFinding('damaged-blob', file, 'JSON', showText(parsed.reason, 100)) };
  } catch (error) {
    return {
      details,
      finding: blobFinding('missing-blob', file, 'the details of an action', whyUnreadable(path, error)),
    };
  }
}

function blobFinding(code: FindingCode, file: string, expected: string, found: string): Finding {
  const hint = 'The beginning of the details stands in the log; restore the file from git or a backup.';
  return { code, severity: 'error', file, expected, found, hint };
}
