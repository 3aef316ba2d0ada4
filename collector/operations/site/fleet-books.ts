import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { shorten } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { readConfigFile } from '../../store/config-file.ts';

/** A book among several: its name there, and its folder. */
export interface NamedBook {
  name: string;
  root: string;
}

/** What daybook.yaml says of a page of several books. */
export interface FleetSettings {
  books: NamedBook[];
  title: string | undefined;
  address: string | undefined;
  leaveOut: readonly string[];
}

/** Books as they are named on a command line, "name=folder" each, with folders relative to `cwd`. */
export function parseBooks(given: readonly string[], cwd: string): NamedBook[] {
  const books = given.map((text) => {
    const at = text.indexOf('=');
    const [name, folder] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1)];
    if (name === '' || folder === '') throw unlike(`--book ${visibleText(text)}`);
    return { name, root: resolve(cwd, folder) };
  });
  return distinctBooks(books, '--book');
}

/**
 * The books that the daybook.yaml of `root` lists, with what it says of their page; undefined where it lists none.
 * @throws DaybookError `bad-input` where it means to, and does not say it so that it can be understood.
 */
export async function readFleet(root: string): Promise<FleetSettings | undefined> {
  const { config, findings } = await readConfigFile(root);
  const wrong = findings.find(({ path }) => path !== undefined && /^books(?:$|[.[])/.test(path));
  if (wrong !== undefined)
    throw new DaybookError(
      'bad-input',
      `Expected ${wrong.expected} for ${wrong.path} in daybook.yaml, found ${wrong.found}.`,
      { where: wrong.line === undefined ? wrong.file : `${wrong.file}:${wrong.line}`, hint: shape },
    );
  if (config.books.length === 0) return undefined;
  const { title, address, leaveOut } = config.site;
  const books = config.books.map(({ name, folder }) => ({ name, root: resolve(root, folder) }));
  return {
    books: distinctBooks(books, 'books in daybook.yaml'),
    title: title ?? config.title,
    address,
    leaveOut,
  };
}

const shape = 'Write a name and a folder for each: website=../website.';

/** What stands beside the folders of the books, or did in the site of a single one. */
const taken =
  /^(?:api|assets|badges|data|feeds|runs|snapshots|versions|con|prn|aux|nul|(?:com|lpt)\d)$|\.(?:html|md|txt|xml|png)$/i;

/** The name of a book is that of a folder of the site, and part of addresses. */
function distinctBooks(books: NamedBook[], where: string): NamedBook[] {
  const seen = new Map<string, string>();
  for (const { name } of books) {
    const shown = visibleText(shorten(name, 80));
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$/.test(name))
      throw refused(`a name of letters, digits, ".", "_" and "-" for each book, found "${shown}"`, where);
    if (taken.test(name))
      throw refused(`another name for the book "${shown}": the site has this one for its own files`, where);
    // Some disks do not tell large letters from small ones.
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      throw refused(`a name of its own for each book, found "${other}" and "${shown}"`, where);
    seen.set(name.toLowerCase(), name);
  }
  return books;
}

function refused(expected: string, where: string): DaybookError {
  return new DaybookError('usage', `Expected ${expected}.`, { where, hint: shape });
}

function unlike(found: string): DaybookError {
  return new DaybookError('usage', `Expected --book name=folder, found ${found}.`, { hint: shape });
}
