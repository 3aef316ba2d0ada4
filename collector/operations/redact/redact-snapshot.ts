import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText, parseJson } from '../../base/json/text.ts';
import { isRedactedTo, redactRecord, type Tombstone } from '../../formats/redaction.ts';
import { snapshotsFolder } from '../../store/layout.ts';
import { updateLatest } from '../../store/periodic-store.ts';
import { readRecordedIfAny } from '../../store/recorded-file.ts';
import { dropArchivedSnapshots, snapshotsInBoth } from '../../store/segments/archive-snapshots.ts';
import { editArchived, removeFile, withSnapshotsLocked } from '../../store/segments/edit-snapshots.ts';
import { findArchived, readArchived } from '../../store/segments/snapshot-segments.ts';
import type { RedactedFiles } from './redact-log.ts';

/** Takes something out of a periodic snapshot, in its file and in every segment that has it; no files where nothing stood there. */
export function redactSnapshot(root: string, id: string, tombstone: Tombstone): Promise<RedactedFiles> {
  const name = `${id}.json`;
  const file = join(snapshotsFolder(root), name);
  return withSnapshotsLocked(root, async () => {
    const own = readRecordedIfAny(file);
    const archived = findArchived(root, name);
    const redacted = redactedText(
      own ?? (archived === undefined ? undefined : readArchived(archived)),
      tombstone,
    );
    if (redacted === undefined) return { files: [], removed: [], openIn: [] };
    const files = editArchived(root, new Map([[name, redacted.text]])).map(
      (segment) => `snapshots/${segment}`,
    );
    if (own !== undefined) {
      writeFileAtomic(file, redacted.text);
      files.unshift(`snapshots/${name}`);
    }
    updateLatest(root);
    return { files: [...files, 'snapshots/latest_periodic.json'], removed: redacted.removed, openIn: [] };
  });
}

function redactedText(
  bytes: Buffer | undefined,
  tombstone: Tombstone,
): { text: string; removed: JsonValue[] } | undefined {
  const raw = bytes === undefined || tombstone.path === '' ? undefined : contentOf(bytes);
  const redacted = raw === undefined ? undefined : redactRecord(raw, tombstone);
  return redacted === undefined
    ? undefined
    : { text: `${jsonText(redacted.record, 2)}\n`, removed: redacted.removed };
}

/**
 * Where a snapshot stands in a file and in a segment, of which one is the other before something was taken out of it, as after two
 * clones redacted and archived it, only what is left of it stays. Files that are archived byte for byte go.
 */
export async function settleSnapshots(root: string): Promise<void> {
  if (snapshotsInBoth(root).length === 0) return;
  await dropArchivedSnapshots(root);
  await withSnapshotsLocked(root, async () => {
    for (const archived of snapshotsInBoth(root)) {
      const file = join(snapshotsFolder(root), archived.name);
      const own = readRecordedIfAny(file);
      const [here, there] = [own, own && readArchived(archived)].map((bytes) => bytes && contentOf(bytes));
      if (own === undefined || here === undefined || there === undefined) continue;
      if (isRedactedTo(there, here)) editArchived(root, new Map([[archived.name, own.toString()]]));
      if (isRedactedTo(there, here) || isRedactedTo(here, there)) removeFile(file);
    }
  });
}

function contentOf(bytes: Buffer): JsonObject | undefined {
  try {
    const value = parseJson(bytes.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
