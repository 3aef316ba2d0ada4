import { visibleText } from '../../base/terminal.ts';
import { daybookBuild } from '../../base/version.ts';
import { alertBook, type Sent } from '../../operations/alerts/alert.ts';
import { realRequests } from '../../operations/alerts/request.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSince } from '../since.ts';

/** `daybook alert`: tells the channels of daybook.yaml what is new, once. */
export async function run(context: CommandContext<'alert'>): Promise<number> {
  const { out, options, clock, env } = context;
  const sent = await alertBook(
    bookRootOf(context),
    {
      dryRun: options['dry-run'],
      test: options.test,
      ifRules: options['if-rules'],
      afterAction: options['after-action'],
      sinceUs: parseSince(options.since, clock.nowUs()),
    },
    { clock, env, requests: { ...realRequests, timeoutMs: options.timeout * 1000 }, build: daybookBuild },
  );
  if (context.json) out.printJson({ messages: sent });
  else if (sent.length === 0) out.print(`${out.palette.good('Nothing new')} to tell.`);
  else for (const each of sent) out.print(lineOf(each, out.palette));
  return sent.some(({ outcome }) => outcome === 'failed' || outcome === 'waiting') ? 1 : 0;
}

function lineOf(
  { outcome, channel, rule, state, events, title, problem }: Sent,
  { good, bad, faint }: CommandContext<'alert'>['out']['palette'],
): string {
  const paint = outcome === 'sent' || outcome === 'would send' ? good : bad;
  const what = events.length === 1 ? title : `${events.length} events`;
  const said = `${paint(outcome)} ${visibleText(channel)}: ${state === 'well' ? 'well again, ' : ''}${visibleText(what)}`;
  return problem === null ? `${said} ${faint(`(${visibleText(rule)})`)}` : `${said}: ${visibleText(problem)}`;
}
