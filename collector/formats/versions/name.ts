import { DaybookError } from '../../base/errors.ts';
import { isSafeId } from '../../base/paths.ts';
import { showText } from '../../base/show.ts';
import { RefusedVersionError } from './errors.ts';

/** A version nobody named: "v1795190944-690be14e", seconds since 1970 and eight random digits. */
export function newVersionName(nowUs: number): string {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  return `v${Math.floor(nowUs / 1e6)}-${randomBytes(4).toString('hex')}`;
}

/**
 * Makes sure that a new version may have this name: it becomes a file name on every system.
 * @throws RefusedVersionError `bad-input`.
 */
export function checkVersionName(name: string): void {
  if (isWritableName(name)) return;
  if (reserved.test(name)) {
    throw new RefusedVersionError(
      'bad-input',
      `Expected a version name of its own, found "${showText(name)}", which means something else here.`,
      { hint: '"latest" is the newest version, and periodic_… the periodic snapshots; choose another name.' },
    );
  }
  if (/^[A-Za-z0-9][\w.+-]*$/.test(name) && name.length <= 120) {
    throw new RefusedVersionError(
      'bad-input',
      `Expected a version name that is a file name on every system, found "${showText(name)}".`,
      { hint: 'Windows keeps names like CON, NUL and COM1 for devices, and drops a dot at the end.' },
    );
  }
  throw new RefusedVersionError(
    'bad-input',
    `Expected a version name of at most 120 letters a-z, digits, ".", "_", "-" and "+", beginning with a letter or digit, found "${showText(name)}".`,
    { hint: 'Shorten or simplify the name; a tag or the description may be any text.' },
  );
}

/** Whether a new version may have this name. */
export function isWritableName(name: string): boolean {
  return isSafeId(name.replaceAll('+', '-')) && !reserved.test(name);
}

/** Names that commands give a meaning of their own. */
const reserved = /^(?:latest|periodic_\d{8}_\d{6}(?:_\d+)?)$/i;

/** Whether a name found in a store may become part of a path: foreign stores may hold any text. */
export function isReadableName(name: string): boolean {
  return name !== '' && name.length <= 250 && !/[/\\\u0000]/.test(name) && name !== '.' && name !== '..';
}

/** What names have in common that a file system may take for one: case and the form of accents do not count. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/**
 * A tag, made sure of: any text on one line, at most 200 characters. It never becomes a file name.
 * @throws DaybookError `bad-input`.
 */
export function checkTag(tag: string): string {
  const clean = tag.normalize('NFC').trim();
  if (clean !== '' && clean.length <= 200 && !/[\u0000-\u001f\u007f]/.test(clean)) return clean;
  throw new DaybookError(
    'bad-input',
    `Expected a tag of 1 to 200 characters on one line, found "${showText(tag)}".`,
    { hint: 'Put longer texts in the description.' },
  );
}
