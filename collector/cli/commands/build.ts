import { resolve } from 'node:path';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { loadSiteBuilder } from '../../operations/site/site-builder.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { openInBrowser } from '../open-browser.ts';

/** `daybook build`: builds the dashboard and says where it is. */
export async function run(context: CommandContext<'build'>): Promise<undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  const given = context.options.out;
  const buildSite = await loadSiteBuilder();
  await settleBook(root, (text) => out.note(visibleText(text)));
  const result = await buildSite(
    { root, ...(given === undefined ? {} : { out: resolve(context.cwd, given) }) },
    { progress: (text) => out.progress(`${text} …`) },
  );
  out.progress();
  for (const { rule, where } of result.doubtful) {
    out.note(visibleText(`published what may be a secret: ${rule} at ${where.slice(0, 3).join(', ')}`));
  }
  for (const { file, why } of result.notCopied.slice(0, 5))
    out.note(visibleText(`not copied into the dashboard: ${file}: ${why}`));
  if (result.notCopied.length > 5) out.note(`… and ${plural(result.notCopied.length - 5, 'more file')}`);
  if (context.options.open) openInBrowser(result.address);
  if (context.json) return out.printJson(result);
  const { good, faint } = out.palette;
  const seconds = (result.durationMs / 1000).toFixed(1);
  out.print(
    `${good('built')} ${plural(result.pages, 'page')} from ${plural(result.actions, 'action')} and ${plural(result.snapshots, 'snapshot')} in ${seconds} s${result.findings > 0 ? `, ${plural(result.findings, 'finding')}` : ''}`,
  );
  out.print(`${faint('path')}  ${result.index}`);
  out.print(`${faint('open')}  ${result.address}`);
  return undefined;
}
