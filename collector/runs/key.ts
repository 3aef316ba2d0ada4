import { sha256Hex } from '../base/hash.ts';

/**
 * The key of a run of a ledger: folder of the ledger, ":", identifier, relpath and uid. Unique, because what
 * separates is escaped where it is part of a name; and independent of every other run.
 */
export function ledgerKey(run: { file: string; identifier: string; relpath: string; uid: string }): string {
  const folder = folderOf(run.file);
  const identifier = run.identifier === '' ? '%' : escaped(run.identifier, /[%/:]/g);
  const parts = [identifier, escaped(run.relpath, /[%:]/g), escaped(run.uid, /[%/:]/g)];
  return `${folder}:${parts.filter((part) => part !== '').join('/')}`;
}

function escaped(text: string, separators: RegExp): string {
  return text.replace(separators, (character) => encodeURIComponent(character));
}

/** The key of a run without a ledger: its place. "." is the root; a place that could be a ledger's key begins with "./". */
export function placeKey(place: string): string {
  if (place === '') return '.';
  return place.includes(':') ? `./${place}` : place;
}

/**
 * The place that a run of this key has or would have; the other way round of the two above. A colon makes it a key of a
 * ledger only where `isLedger` knows one in that folder: else undefined, because the key names no place.
 */
export function placeOfKey(key: string, isLedger: (folder: string) => boolean): string | undefined {
  if (key === '.') return '';
  const isPlace = key.startsWith('./');
  const at = isPlace ? -1 : key.lastIndexOf(':');
  if (at === -1) return isPlace ? key.slice(2) : key;
  const [folder, [, ...parts]] = [key.slice(0, at), key.slice(at + 1).split('/')];
  if (parts.length === 0 || !isLedger(folder)) return undefined;
  try {
    return joinPlace(folder, parts.map(decodeURIComponent).join('/'));
  } catch {
    return undefined;
  }
}

/** The identifier in the key of a ledger's run; undefined for other keys. */
export function ledgerIdentifier(key: string): string | undefined {
  const at = key.startsWith('./') ? -1 : key.lastIndexOf(':');
  if (at === -1) return undefined;
  const [identifier = ''] = key.slice(at + 1).split('/', 1);
  return identifier === '%' ? '' : identifier;
}

/** A name for files and pages of a run: readable, safe on every system, and as unique as the key, case aside. */
export function slugOf(key: string): string {
  const words = key
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(-60)
    .replace(/^[-_]+/, '')
    .toLowerCase();
  return `${words === '' ? 'run' : words}-${sha256Hex(key).slice(0, 12)}`.replace(/-{2,}/g, '-');
}

/** The last part of a key, for people. */
export function nameOf(key: string): string {
  return key.slice(Math.max(key.lastIndexOf('/'), key.lastIndexOf(':')) + 1);
}

/** The folder of a file of the book, "" for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The last part of a path of the book. */
export function lastPartOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Two parts of a path of the book, either of which may be "". */
export function joinPlace(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

/** Whether an artifact lies where no path leads: s3://bucket/model.pt. */
export function isAddress(path: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path);
}
