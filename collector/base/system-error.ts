import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DaybookError, type ErrorCode, messageOf, reasonOf, systemCodeOf } from './errors.ts';
import { temporaryPathFor } from './temporary-name.ts';

/** What an error of the system means for who meets it while writing. */
interface Trouble {
  code: ErrorCode;
  /** As the end of a sentence: "… cannot be written: <says>". */
  says: string;
  hint: string;
}

const troubles: Readonly<Record<string, Trouble>> = {
  ENOSPC: {
    code: 'disk-full',
    says: 'the disk is full',
    hint: 'Free some space and run the command again; what was recorded before is intact.',
  },
  EDQUOT: {
    code: 'disk-full',
    says: 'the quota for this disk is used up',
    hint: 'Remove what you no longer need, or ask for more; what was recorded before is intact.',
  },
  EFBIG: {
    code: 'disk-full',
    says: 'the file may not grow any further',
    hint: 'A limit of the shell (ulimit -f) or of the file system stands in the way; what was recorded before is intact.',
  },
  EROFS: {
    code: 'unwritable',
    says: 'the file system is mounted read-only',
    hint: 'Mount it for writing, or name a book elsewhere with --dir.',
  },
  EACCES: {
    code: 'unwritable',
    says: 'permission denied',
    hint: 'Check who owns the file and its folder, and that you may write there.',
  },
  EPERM: {
    code: 'unwritable',
    says: 'the system does not permit it',
    hint: 'The file or folder may be protected (lsattr shows an "i" or "a"), or belong to someone else.',
  },
  ENOTDIR: {
    code: 'unwritable',
    says: 'a file stands where a folder should be',
    hint: 'Move that file away first.',
  },
  EISDIR: {
    code: 'unwritable',
    says: 'a folder stands where a file should be',
    hint: 'Move that folder away first.',
  },
  ELOOP: {
    code: 'unwritable',
    says: 'links there lead round in a circle',
    hint: 'Remove the link, or let it lead to a file of the book.',
  },
  ENOENT: {
    code: 'unwritable',
    says: 'the folder is not there',
    hint: 'Check that the folder exists; a disk may not be mounted, or a link leads nowhere.',
  },
  EMFILE: {
    code: 'unwritable',
    says: 'this process has too many files open',
    hint: 'Raise the limit (ulimit -n) or close what is open.',
  },
  ENFILE: {
    code: 'unwritable',
    says: 'the machine has too many files open',
    hint: 'Wait until others have closed theirs, and run the command again.',
  },
  EIO: {
    code: 'unwritable',
    says: 'the disk reported an error',
    hint: 'Look at the messages of the system (dmesg), and make a copy of the book while it can be read.',
  },
  ENAMETOOLONG: { code: 'unwritable', says: 'the name is too long', hint: 'Choose a shorter name.' },
  ESTALE: {
    code: 'unwritable',
    says: 'the network disk has lost the file',
    hint: 'Mount it again, and run the command again.',
  },
  EBUSY: {
    code: 'unwritable',
    says: 'someone else holds it',
    hint: 'Run the command again when they are done.',
  },
};

/**
 * What the system said about a failed write, as a sentence a person can act on: what it is, where, and the remedy.
 * Errors of SQLite, DuckDB and git hide the system's own behind theirs; it is found again. The path may be one of ours.
 */
export function writeErrorOf(path: string, error: unknown): DaybookError {
  if (error instanceof DaybookError) return error;
  const code = writeTroubleOf(error, path);
  const trouble = code === undefined ? undefined : troubles[code];
  if (trouble === undefined) {
    return new DaybookError('unwritable', `${path} cannot be written: ${reasonOf(error)}.`, {
      hint: 'Check that the folder exists and that you may write there.',
      where: path,
      cause: error,
    });
  }
  const begin =
    trouble.code === 'disk-full' ? `Nothing could be written to ${path}` : `${path} cannot be written`;
  const { hint } = trouble;
  return new DaybookError(trouble.code, `${begin}: ${trouble.says} (${code}).`, {
    hint,
    where: path,
    cause: error,
  });
}

/**
 * The sentence for an error nobody caught, where it tells of something that could not be written: by what the system
 * says of the call, or by the words that SQLite, DuckDB and others quote. Undefined for all others, those of reading too.
 */
export function failedWriteOf(error: unknown): DaybookError | undefined {
  const { syscall, path, dest } = (error ?? {}) as { syscall?: unknown; path?: unknown; dest?: unknown };
  const code = systemCodeOf(error);
  const isOfSystem = code !== undefined && !code.startsWith('ERR_');
  const place =
    [dest, path].find((each) => typeof each === 'string') ??
    /["']([^"']*\/[^"']*)["']/.exec(messageOf(error))?.[1];
  const trouble = writeTroubleOf(error, place as string | undefined);
  if (trouble === undefined) return undefined;
  const isWriting = typeof syscall === 'string' && writingCalls.has(syscall);
  if (isOfSystem && !isWriting && !neverOfReading.has(trouble)) return undefined;
  return writeErrorOf((place as string | undefined) ?? 'the book or what is made of it', error);
}

const writingCalls: ReadonlySet<string> = new Set(
  'mkdir mkdtemp write rename link symlink unlink rmdir ftruncate copyfile chmod utime'.split(' '),
);
const neverOfReading: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS']);

/** The system's code behind an error, where it is one of those that a full, read-only or forbidden disk gives. */
export function writeTroubleOf(error: unknown, path?: string): string | undefined {
  const code = systemCodeOf(error);
  if (code === 'ERR_SQLITE_ERROR') return sqliteTroubleOf(error, path);
  // A file in the way of a folder that is to be made "exists already".
  if (code === 'EEXIST') return 'ENOTDIR';
  // Making a folder and those above it says so of a read-only disk, too.
  if (code === 'ENOENT' && path !== undefined) return hindranceAt(path) ?? code;
  if (code !== undefined && Object.hasOwn(troubles, code)) return code;
  return code === undefined || code.startsWith('ERR_') ? codeInText(messageOf(error)) : undefined;
}

/** What the C library calls the errors: programs that are not ours quote it. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/i, 'ENOSPC'],
  [/Disk quota exceeded/i, 'EDQUOT'],
  [/File too large/i, 'EFBIG'],
  [/Read-only file system/i, 'EROFS'],
  [/Permission denied/i, 'EACCES'],
  [/Operation not permitted/i, 'EPERM'],
  [/Too many open files in system/i, 'ENFILE'],
  [/Too many open files/i, 'EMFILE'],
  [/Input\/output error/i, 'EIO'],
  [/Not a directory/i, 'ENOTDIR'],
  [/Too many levels of symbolic links/i, 'ELOOP'],
];

/** The code that a message of another program quotes, e.g. git's "unable to create file: Read-only file system". */
export function codeInText(message: string): string | undefined {
  return phrases.find(([phrase]) => phrase.test(message))?.[1];
}

/** SQLite says "unable to open database file" for most of what can be wrong; the system itself is asked what it is. */
function sqliteTroubleOf(error: unknown, path: string | undefined): string | undefined {
  const primary = Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
  if (primary === 13) return 'ENOSPC';
  if (![3, 8, 10, 14, 23].includes(primary) || path === undefined) return undefined;
  return hindranceAt(path) ?? (primary === 10 ? 'EIO' : undefined);
}

/** Why nothing can be written at a path, or could be made there; undefined where nothing stands in the way. Leaves nothing behind. */
export function hindranceAt(path: string): string | undefined {
  let there = path;
  for (;;) {
    try {
      accessSync(there, constants.W_OK);
      break;
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== 'ENOENT' || dirname(there) === there) return code;
      there = dirname(there);
    }
  }
  return troubleOfNewFile(temporaryPathFor(there === path ? there : join(there, basename(path))));
}

/** A file of one block tells more than the system's opinion: of full disks, and of protected folders. */
function troubleOfNewFile(path: string): string | undefined {
  try {
    writeFileSync(path, Buffer.alloc(4096), { flag: 'wx' });
    return undefined;
  } catch (error) {
    return systemCodeOf(error);
  } finally {
    removeIfThere(path);
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What it could not be made for keeps it from being removed, too.
  }
}
