import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { toJson } from '../../base/json/strict.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import { parseTime } from '../../base/time.ts';
import { VersionNotFoundError } from '../../formats/versions/errors.ts';
import { listPeriodic, readPeriodic } from '../../store/periodic-store.ts';
import type { ReadVersion } from '../../store/versions/read-version.ts';
import { versionsFolder } from '../../store/versions/version-files.ts';
import { resolveSubject, type Subject, type SubjectWorld } from '../receipts/resolve-subject.ts';
import { type BookVersions, openVersionStore } from '../versions/book-versions.ts';
import { fileThing, gitThing } from './file-thing.ts';
import { linesOf } from './parse-content.ts';
import type { Thing } from './thing.ts';

/** Where ids are looked up. Without a book only files and commits are known. */
export interface ThingWorld {
  book: { root: string; subjects: SubjectWorld } | undefined;
  /** Where relative paths start. */
  from: string;
}

type Book = NonNullable<ThingWorld['book']>;

const prefixes = ['file', 'git', 'periodic', 'version', 'tag', 'run'] as const;
type Prefix = (typeof prefixes)[number];

/**
 * What an id means, tried in this order: `git:<revision>:<path>`, a path, a periodic snapshot ("latest", "latest~1", an
 * id, an id with "~1"), a version of the store, a tag of it, a run. A prefix ("version:1.0", "file:latest") says which.
 * @throws DaybookError `not-found` that names near ones, `bad-input` or `unreadable` for what cannot be read.
 */
export async function resolveThing(id: string, world: ThingWorld): Promise<Thing> {
  const { book, from } = world;
  const prefix = prefixes.find((one) => id.startsWith(`${one}:`));
  const name = prefix === undefined || prefix === 'git' ? id : id.slice(prefix.length + 1);
  const may = (...kinds: Prefix[]) => prefix === undefined || kinds.includes(prefix);
  const found =
    (may('git') ? await gitThing(id, from) : undefined) ??
    (may('file', 'run') ? await atPath(name, world, prefix === 'file') : undefined) ??
    (book === undefined ? undefined : await inBook(name, book, may));
  if (found !== undefined) return found;
  throw book === undefined
    ? outsideOfBook(id, isFolderAt(resolve(from, name)))
    : await notFound(id, name, book);
}

async function inBook(
  name: string,
  book: Book,
  may: (...kinds: Prefix[]) => boolean,
): Promise<Thing | undefined> {
  const periodic = may('periodic') ? periodicThing(name, book.root) : undefined;
  if (periodic !== undefined) return periodic;
  const manager = openVersionStore({ basePath: versionsFolder(book.root), root: book.root });
  try {
    return (
      (may('version') ? await versionThing(() => manager.get(name)) : undefined) ??
      (may('tag') ? await versionThing(() => manager.byTag(name)) : undefined) ??
      (may('run') ? await runThing(name, book.subjects) : undefined)
    );
  } finally {
    await manager.close();
  }
}

/** A file as it is; a run.lock, or a folder with one, as a receipt. */
async function atPath(name: string, { book, from }: ThingWorld, plain: boolean): Promise<Thing | undefined> {
  const folders = book === undefined ? [from] : [from, book.root];
  const isFolder = folders.some((folder) => isFolderAt(resolve(folder, name)));
  if (isFolder && book !== undefined && !plain) return runThing(name, book.subjects);
  const file = fileThing(name, from, book?.root);
  return file !== undefined && book !== undefined && !plain && name.endsWith('.lock')
    ? { ...file, kind: 'receipt', run: name }
    : file;
}

function isFolderAt(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

/** "latest~2" is the second before the newest; damaged snapshots count, and are an error when they are meant. */
function periodicThing(name: string, root: string): Thing | undefined {
  const [, base, back = '0'] = /^(latest|periodic_[^~]*)(?:~(\d{1,6}))?$/.exec(name) ?? [];
  if (base === undefined) return undefined;
  const ids = listPeriodic(root).map(({ id }) => id);
  const at = (base === 'latest' ? ids.length - 1 : ids.indexOf(base)) - Number(back);
  if (ids.length === 0 || (base !== 'latest' && !ids.includes(base))) return undefined;
  const id = ids[at];
  if (id === undefined) {
    throw new DaybookError(
      'not-found',
      `Expected a snapshot ${back} before ${base}, found only ${at + Number(back)}.`,
      {
        hint: `The oldest is ${ids[0]}.`,
      },
    );
  }
  const { record, finding } = readPeriodic(root, id);
  if (record !== undefined)
    return { kind: 'periodic', name: id, atUs: record.atUs, value: record.content, isText: false };
  throw new DaybookError('unreadable', `Expected ${finding?.expected}, found ${finding?.found}.`, {
    where: `snapshots/${id}.json`,
    ...(finding !== undefined && { hint: finding.hint }),
  });
}

async function versionThing(get: () => Promise<ReadVersion>): Promise<Thing | undefined> {
  try {
    const { data, metadata } = await get();
    const atUs = parseTime(metadata.created_at)?.us;
    const isText = typeof data === 'string';
    const value = typeof data === 'string' ? linesOf(data) : data;
    // A tag may be one of a periodic snapshot.
    const kind = /^periodic_\d{8}_\d{6}/.test(metadata.version) ? 'periodic' : 'version';
    return { kind, name: metadata.version, atUs, value, isText };
  } catch (error) {
    if (error instanceof VersionNotFoundError) return undefined;
    // A name that no version can have is no version.
    if (error instanceof DaybookError && (error.code === 'usage' || error.code === 'bad-input'))
      return undefined;
    throw error;
  }
}

async function runThing(name: string, subjects: SubjectWorld): Promise<Thing | undefined> {
  try {
    const subject = await resolveSubject(name, subjects);
    return { kind: subject.kind, name: subject.name, value: stateOf(subject), isText: false, run: name };
  } catch (error) {
    if (
      error instanceof DaybookError &&
      error.code === 'not-found' &&
      error.hint?.startsWith('Name more') !== true
    )
      return undefined;
    throw error;
  }
}

/** A run as a value: what can be held against something that is no run. */
function stateOf({ receipt, run }: Subject) {
  const { status, params, metrics } = run ?? {};
  const config = receipt === undefined ? {} : { config: receipt.config, data: receipt.data };
  return toJson({ ...(run === undefined ? {} : { status, params, metrics }), ...config }, 'the run');
}

function outsideOfBook(id: string, isFolder: boolean): DaybookError {
  if (isFolder) {
    return new DaybookError('bad-input', `Expected a file at ${showText(id)}, found a folder.`, {
      where: id,
    });
  }
  return new DaybookError(
    'not-found',
    `There is no file "${showText(id)}" here, and no book to look it up in.`,
    {
      where: id,
      hint: 'Name a file, git:<revision>:<path>, or the book with --dir.',
    },
  );
}

const maxNear = 3;

async function notFound(id: string, name: string, { root, subjects }: Book): Promise<DaybookError> {
  if (/^latest(?:~\d+)?$/.test(name)) {
    return new DaybookError('not-found', 'There is no periodic snapshot in this book yet.', {
      where: id,
      hint: 'Take one: daybook periodic',
    });
  }
  const manager = openVersionStore({ basePath: versionsFolder(root), root });
  const names = new Set([...listPeriodic(root).map((one) => one.id), ...(await namesOf(manager))]);
  for (const { key } of await subjects.runs()) names.add(key);
  const near: string[] = [];
  for (
    let next = nearest(name, names);
    next !== undefined && near.length < maxNear;
    next = nearest(name, names)
  ) {
    near.push(showText(next));
    names.delete(next);
  }
  return new DaybookError('not-found', `Nothing is called "${showText(id)}" here.`, {
    where: id,
    hint:
      near.length > 0
        ? `Near are ${near.join(', ')}.`
        : 'Name a file, a snapshot (latest, latest~1, daybook all --type periodic), a version or tag (daybook store list), a run (daybook runs) or git:<revision>:<path>.',
  });
}

async function namesOf(manager: BookVersions): Promise<string[]> {
  try {
    return [...(await manager.names()), ...(await manager.tags()).keys()];
  } finally {
    await manager.close();
  }
}
