import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { DaybookError } from '../../base/errors.ts';
import { tryGit } from '../../base/git.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import { isoMicros } from '../../base/time.ts';
import { isBlobReference } from '../../formats/actions/action.ts';
import type { Tombstone } from '../../formats/redaction.ts';
import { resolveDetails } from '../../store/blobs.ts';
import { blobsFolder, cacheFolder } from '../../store/layout.ts';
import { isPeriodic } from '../../store/periodic-store.ts';
import { viewRecord } from '../view-record.ts';
import { type RedactedFiles, redactInLog } from './redact-log.ts';
import { redactInRollups, rolledHolding } from './redact-rollup.ts';
import { redactSnapshot } from './redact-snapshot.ts';
import { filesHolding, findInHistory, type InHistory } from './what-remains.ts';

/** What redacting came to. */
export interface Redaction {
  id: string;
  path: string;
  at: string;
  by: string;
  /** Files of the book that were changed or removed. */
  files: string[];
  /** Files of the book that still hold it, below other records or in a built site. */
  remaining: string[];
  /** Roll-ups that still hold it: a snapshot that they stand for, and the field; with both it can be redacted there. */
  rolled: { id: string; path: string }[];
  /** What git holds; null where no repository is around, or git does not answer. */
  history: InHistory | null;
  /** Processes that still write to a log that was replaced. */
  openIn: number[];
}

/**
 * Takes something out of a record for good: one place of it, or all details and the error of an action. The record stays
 * under its id, with a tombstone that says when and by whom, and with a new checksum; copies of it go (blobs, caches, what
 * repairs kept). Says what still holds it.
 * @throws DaybookError `not-found` for an unknown id or a path where nothing stands.
 */
export async function redact(root: string, id: string, path: string, clock: Clock): Promise<Redaction> {
  const tombstone: Tombstone = { at: isoMicros(clock.nowUs()), by: await redactor(root), path };
  const { files, removed, openIn } = await takeOut(root, id, tombstone);
  if (files.length === 0) throw nothingThere(id, path);
  const texts = new Set(removed.flatMap((value) => textsIn(root, value, files)));
  for (const folder of ['cache', 'site', 'quarantine']) dropHolding(root, folder, [...texts]);
  const looked = [...texts].filter((text) => text.length >= shortest);
  return {
    id,
    ...tombstone,
    files,
    remaining: looked.length === 0 ? [] : filesHolding(root, looked),
    rolled: looked.length === 0 ? [] : rolledHolding(root, looked),
    history: (await findInHistory(root, files, looked)) ?? null,
    openIn,
  };
}

/** Out of a snapshot and the roll-ups that stand for it, or out of the lines of an action. */
async function takeOut(root: string, id: string, tombstone: Tombstone): Promise<RedactedFiles> {
  const isSnapshot = isPeriodic(root, id);
  const found = isSnapshot ? undefined : await viewRecord(root, id);
  if (found?.kind === 'action') return redactInLog(root, id, tombstone);
  const parts = [
    ...(isSnapshot ? [await redactSnapshot(root, id, tombstone)] : []),
    await redactInRollups(root, id, tombstone),
  ];
  return {
    files: parts.flatMap(({ files }) => files),
    removed: parts.flatMap(({ removed }) => removed),
    openIn: [],
  };
}

/** Shorter texts stand in too many places to say anything. */
const shortest = 5;

/** All texts in what was taken out; large details lie in a blob, which goes where no other line names it. */
function textsIn(root: string, value: JsonValue, files: string[]): string[] {
  if (typeof value === 'string') return [value];
  if (isBlobReference(value)) {
    const { details } = resolveDetails(root, value);
    const name = `${value.$blob.replace('sha256:', '')}.json`;
    const isNamed = filesHolding(root, [value.$blob], 'snapshots').length > 0;
    if (!isNamed && /^[0-9a-f]{64}\.json$/.test(name)) {
      rmSync(join(blobsFolder(root), name), { force: true });
      files.push(`snapshots/blobs/${name}`);
    }
    return [value.preview, ...(isBlobReference(details) ? [] : textsIn(root, details, files))];
  }
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(root, each, files));
  if (!isObject(value)) return [];
  return Object.values(value as JsonObject).flatMap((each) => textsIn(root, each, files));
}

/** Caches are made again; of what repairs kept only the files go that hold it. */
function dropHolding(root: string, folder: string, texts: string[]): void {
  const place = join(cacheFolder(root), folder);
  if (folder !== 'quarantine') rmSync(place, { recursive: true, force: true });
  else for (const file of filesHolding(place, texts)) rmSync(join(place, file), { force: true });
}

async function redactor(root: string): Promise<string> {
  const asked = await tryGit(root, ['config', 'user.name']).catch(() => undefined);
  const name = asked?.stdout.trim() ?? '';
  if (name !== '') return name;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

function nothingThere(id: string, path: string): DaybookError {
  return new DaybookError(
    'not-found',
    path === ''
      ? `Nothing in ${showText(id)} is to be taken out without a path.`
      : `Expected something at "${showText(path)}" in ${showText(id)} that can be taken out, found nothing.`,
    {
      where: id,
      hint: `Look at the record with daybook view ${showText(id)}; a path is written details.note or system_state.host.`,
    },
  );
}
