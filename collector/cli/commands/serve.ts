import { formatTime } from '../../base/format/time.ts';
import { buildApart } from '../../operations/site/build-apart.ts';
import { serveSite } from '../../operations/site/serve.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { bringBook } from '../elsewhere.ts';
import { openInBrowser } from '../open-browser.ts';

/** `daybook serve`: the dashboard on loopback, until Ctrl-C. */
export async function run(context: CommandContext<'serve'>): Promise<undefined> {
  const { out } = context;
  const port = context.options.port;
  const root = bookRootOf(context);
  const signal = context.interruptSignal();
  const program = [process.execPath, ...process.execArgv, process.argv[1]!];
  await bringBook(root, out);
  out.progress('building the dashboard …');
  await serveSite(root, port, {
    buildSite: buildApart(program, signal),
    signal,
    ready(url, isEarlier) {
      if (context.json) out.printJson({ url }, 0);
      else out.print(`${out.palette.good('serving')} ${url}`);
      if (isEarlier) out.note('It is the dashboard of the last build; the newer one is being built.');
      out.note('Ctrl-C ends it.');
      if (context.options.open) openInBrowser(url);
    },
    log: (line) => out.note(`${formatTime(context.clock.nowUs()).slice(11)}  ${line}`),
  });
  return undefined;
}
