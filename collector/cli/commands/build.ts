import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { formatDuration } from '../../base/format/duration.ts';
import { formatBytes } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { getRun, readBookRuns } from '../../operations/runs/find.ts';
import { type BuildResult, loadSiteBuilder, type SiteBuilder } from '../../operations/site/site-builder.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { bringBook } from '../elsewhere.ts';
import { openInBrowser } from '../open-browser.ts';
import { parseSince } from '../since.ts';
import { formatColumns } from '../text/columns.ts';
import { buildFleet, fleetOf } from './build-fleet.ts';

type BuildContext = CommandContext<'build'>;

/** What every kind of build says of itself. */
type Counted = Omit<BuildResult, 'index' | 'address'>;

/** `daybook build`: builds the dashboard, as a folder, one file or one archive, or that of several books, and says where it is. */
export async function run(context: BuildContext): Promise<number | undefined> {
  const { out, options } = context;
  refuseLoneChoice(context);
  const fleet = await fleetOf(context);
  if (fleet !== undefined) return buildFleet(context, fleet, await loadSiteBuilder());
  const root = bookRootOf(context);
  const builder = await loadSiteBuilder();
  await bringBook(root, out);
  await settleBook(root, (text) => out.note(visibleText(text)));
  if (options['single-file']) await buildSingleFile(context, root, builder);
  else if (options.zip) await buildZip(context, root, builder);
  else await buildFolder(context, root, builder);
  return undefined;
}

async function buildFolder(context: BuildContext, root: string, builder: SiteBuilder): Promise<void> {
  const { out } = context;
  const result = await builder.buildSite({ root, ...placeOf(context) }, progressOf(context));
  out.progress();
  noteTrouble(context, result);
  if (context.options.open) openInBrowser(result.address);
  if (context.json) return void out.printJson(result);
  const { faint } = out.palette;
  out.print(`${builtOf(context, result, plural(result.pages, 'page'))}`);
  out.print(`${faint('path')}  ${result.index}`);
  out.print(`${faint('open')}  ${result.address}`);
  printPhases(context, result);
}

async function buildSingleFile(context: BuildContext, root: string, builder: SiteBuilder): Promise<void> {
  const { out } = context;
  const selection = await selectionOf(context, root);
  const result = await builder.buildSingleFile(
    { root, ...placeOf(context), ...(selection === undefined ? {} : { selection }) },
    progressOf(context),
  );
  out.progress();
  noteTrouble(context, result);
  if (result.warning !== undefined) out.note(result.warning);
  if (context.options.open) openInBrowser(result.address);
  if (context.json) return void out.printJson(result);
  const { faint } = out.palette;
  out.print(builtOf(context, result, `one file of ${plural(result.pages, 'page')}`));
  if (result.part !== undefined) out.print(`${faint('part')}  ${result.part}`);
  out.print(`${faint('size')}  ${formatBytes(result.bytes)}`);
  out.print(`${faint('path')}  ${result.out}`);
  out.print(`${faint('open')}  ${result.address}`);
  printPhases(context, result);
}

async function buildZip(context: BuildContext, root: string, builder: SiteBuilder): Promise<void> {
  const { out } = context;
  const result = await builder.buildZip({ root, ...placeOf(context) }, progressOf(context));
  out.progress();
  noteTrouble(context, result);
  if (context.json) return void out.printJson(result);
  const { faint } = out.palette;
  out.print(builtOf(context, result, `one archive of ${plural(result.pages, 'page')}`));
  out.print(`${faint('size')}  ${formatBytes(result.bytes)}`);
  out.print(`${faint('path')}  ${result.out}`);
  printPhases(context, result);
}

function refuseLoneChoice({ options }: BuildContext): void {
  const { run: runs, since } = options;
  if (options.zip && (options['single-file'] || options.open))
    throw new DaybookError(
      'usage',
      `Expected --zip alone, found --${options.open ? 'open' : 'single-file'} with it.`,
      {
        hint: 'An archive is unpacked before it is opened; --single-file makes one file that opens by itself.',
      },
    );
  if (options['single-file'] && runs.length > 0 && since !== undefined)
    throw new DaybookError('usage', 'Expected --run or --since, found both.', {
      hint: 'A file holds chosen runs, or what happened since a time.',
    });
  if (options['single-file'] || (runs.length === 0 && since === undefined)) return;
  throw new DaybookError(
    'usage',
    `Expected --single-file beside ${since === undefined ? '--run' : '--since'}.`,
    {
      hint: 'A dashboard of many files shows the whole book; one file can be of a part of it.',
    },
  );
}

/** The runs that were named, or the time. */
async function selectionOf(
  { options, clock }: BuildContext,
  root: string,
): Promise<{ runs: string[] } | { sinceUs: number } | undefined> {
  if (options.run.length > 0) {
    const all = await readBookRuns(root);
    return { runs: options.run.map((text) => getRun(all, text).key) };
  }
  const sinceUs = parseSince(options.since, clock.nowUs());
  return sinceUs === undefined ? undefined : { sinceUs };
}

function placeOf({ cwd, options }: BuildContext): { out?: string } {
  return options.out === undefined ? {} : { out: resolve(cwd, options.out) };
}

function progressOf({ out }: BuildContext): { progress: (text: string) => void } {
  return { progress: (text) => out.progress(`${text} …`) };
}

function builtOf({ out }: BuildContext, result: Counted, what: string): string {
  const seconds = (result.durationMs / 1000).toFixed(1);
  const findings = result.findings > 0 ? `, ${plural(result.findings, 'finding')}` : '';
  return `${out.palette.good('built')} ${what} from ${plural(result.actions, 'action')} and ${plural(result.snapshots, 'snapshot')} in ${seconds} s${findings}`;
}

/** With --verbose: where the time went, and what was written. */
function printPhases({ out, options }: BuildContext, { phases, durationMs }: Counted): void {
  if (!options.verbose) return;
  const sum = (of: 'written' | 'reused' | 'bytes') => phases.reduce((all, phase) => all + phase[of], 0);
  const total = {
    phase: 'all',
    ms: durationMs,
    written: sum('written'),
    reused: sum('reused'),
    bytes: sum('bytes'),
  };
  const head = ['phase', 'time', 'written', 'reused', 'bytes written'];
  const rows = [...phases, total].map(({ phase, ms, written, reused, bytes }) => [
    phase,
    formatDuration(ms),
    ...(written + reused === 0 ? ['', '', ''] : [`${written}`, `${reused}`, formatBytes(bytes)]),
  ]);
  const numbers = { right: true };
  const columns = [{}, numbers, numbers, numbers, numbers].map((column) => ({
    ...column,
    paint: (text: string, row: number) => (row === 0 ? out.palette.faint(text) : text),
  }));
  out.print('');
  for (const line of formatColumns([head, ...rows], columns)) out.print(line);
}

/** What was published that may be a secret, and what was left out because it could not be read. */
function noteTrouble({ out }: BuildContext, { doubtful, notCopied }: Counted): void {
  for (const { rule, where } of doubtful)
    out.note(visibleText(`published what may be a secret: ${rule} at ${where.slice(0, 3).join(', ')}`));
  for (const { file, why } of notCopied.slice(0, 5))
    out.note(visibleText(`not copied into the dashboard: ${file}: ${why}`));
  if (notCopied.length > 5) out.note(`… and ${plural(notCopied.length - 5, 'more file')}`);
}
