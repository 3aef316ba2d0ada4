import { formatTime } from '../../base/format/time.ts';
import { serveSite } from '../../operations/site/serve.ts';
import { loadSiteBuilder } from '../../operations/site/site-builder.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { openInBrowser } from '../open-browser.ts';

/** `daybook serve`: the dashboard on loopback, until Ctrl-C. */
export async function run(context: CommandContext<'serve'>): Promise<undefined> {
  const { out } = context;
  const port = context.options.port;
  const root = bookRootOf(context);
  const { buildSite } = await loadSiteBuilder();
  out.progress('building the dashboard …');
  await serveSite(root, port, {
    buildSite,
    signal: context.interruptSignal(),
    ready(url) {
      if (context.json) out.printJson({ url }, 0);
      else out.print(`${out.palette.good('serving')} ${url}`);
      out.note('Ctrl-C ends it.');
      if (context.options.open) openInBrowser(url);
    },
    log: (line) => out.note(`${formatTime(context.clock.nowUs()).slice(11)}  ${line}`),
  });
  return undefined;
}
