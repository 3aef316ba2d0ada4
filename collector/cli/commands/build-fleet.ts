import { resolve } from 'node:path';
import { DaybookError, exitCodes } from '../../base/errors.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { type FleetSettings, parseBooks, readFleet } from '../../operations/site/fleet-books.ts';
import type { BuiltBook, SiteBuilder } from '../../operations/site/site-builder.ts';
import { bookRootOf, type CommandContext, givenFolder } from '../context.ts';
import { bringBook } from '../elsewhere.ts';
import { openInBrowser } from '../open-browser.ts';
import { formatColumns } from '../text/columns.ts';

type BuildContext = CommandContext<'build'>;

/** Several books to be built, and the folder that a site lies in where no other is named. */
export type GivenFleet = FleetSettings & { home: string };

/** The books that --book names, else those that daybook.yaml lists; undefined where a single one is to be built. */
export async function fleetOf(context: BuildContext): Promise<GivenFleet | undefined> {
  const { cwd, options } = context;
  const lone = (['single-file', 'zip', 'no-books'] as const).find((name) => options[name]);
  if (options.book.length > 0) {
    if (lone !== undefined) throw unfit(lone);
    const books = parseBooks(options.book, cwd);
    return { books, title: undefined, address: undefined, leaveOut: [], home: givenFolder(context) ?? cwd };
  }
  if (lone !== undefined || options.run.length > 0 || options.since !== undefined) return undefined;
  const home = bookRootOf(context);
  const settings = await readFleet(home);
  return settings && { ...settings, home };
}

function unfit(option: string): DaybookError {
  return new DaybookError('usage', `Expected --book or --${option}, found both.`, {
    hint: 'Several books become a folder of pages; build each alone for one file or one archive of it.',
  });
}

/** Builds the sites of several books and the page of all of them; ends with code 4 where one could not be built. */
export async function buildFleet(
  context: BuildContext,
  { home, books, title, address, leaveOut }: GivenFleet,
  builder: SiteBuilder,
): Promise<number> {
  const { cwd, options, out } = context;
  const place = options.out === undefined ? resolve(home, 'dashboard') : resolve(cwd, options.out);
  const result = await builder.buildFleet(
    { books, out: place, title: title ?? 'All books', address, leaveOut },
    {
      progress: (text) => out.progress(`${text} …`),
      prepare: async (root) => {
        await bringBook(root, out);
        await settleBook(root, (text) => out.note(visibleText(text)));
      },
    },
  );
  out.progress();
  const unread = result.books.filter(({ problem }) => problem !== undefined);
  for (const { name, root, problem, where, hint = '' } of unread) {
    const place = where === undefined ? '' : ` It is at ${where}.`;
    out.note(visibleText(`${name} (${root}): ${problem}${place} ${hint}`.trimEnd()));
  }
  if (options.open) openInBrowser(result.address);
  if (context.json) out.printJson(result);
  else {
    const { faint, good } = out.palette;
    const seconds = (result.durationMs / 1000).toFixed(1);
    const count = plural(result.books.length - unread.length, 'book');
    out.print(`${good('built')} ${count} and the page of all in ${seconds} s`);
    printBooks(context, result.books);
    out.print(`${faint('path')}  ${result.index}`);
    out.print(`${faint('open')}  ${result.address}`);
  }
  return unread.length > 0 ? exitCodes.differences : exitCodes.done;
}

/** How each of them stands, in the order of the page. */
function printBooks({ out }: BuildContext, books: readonly BuiltBook[]): void {
  const rows = books.map(({ name, state, sentence }) => [name, state, visibleText(sentence)]);
  const columns = [{}, { paint: (text: string) => out.palette.faint(text) }, {}];
  for (const line of formatColumns(rows, columns)) out.print(line);
}
