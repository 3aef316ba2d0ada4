import { DaybookError } from '../../base/errors.ts';
import { visibleText } from '../../base/terminal.ts';
import { expectSnapshots } from '../../operations/alerts/expect.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

/** `daybook watch --expect`: whether a snapshot is overdue, for a cron job elsewhere. */
export async function run(context: CommandContext<'watch'>): Promise<number> {
  const { out, options } = context;
  if (!options.expect)
    throw new DaybookError('usage', 'daybook watch needs --expect: what it is to look for.', {
      hint: 'daybook watch --expect ends with code 4 when a snapshot is overdue.',
    });
  // A wrong address is said before anything else is done.
  const tell = options.ping === undefined ? undefined : await pinger(options.ping, context);
  const expectation = await expectSnapshots(bookRootOf(context), context.clock.nowUs());
  const outcome = await tell?.(!expectation.overdue, expectation.sentence);
  const problem = outcome === undefined || outcome.ok ? undefined : outcome.problem;
  if (context.json) {
    const ping = outcome === undefined ? null : { ok: outcome.ok, problem: problem ?? null };
    out.printJson({ ...expectation, ping });
  } else {
    const mark = expectation.overdue ? out.palette.warning('▲') : out.palette.good('●');
    out.print(`${mark} ${visibleText(expectation.sentence)}`);
  }
  if (problem !== undefined) out.warn(`The ping did not get through: ${visibleText(problem)}.`);
  if (expectation.overdue) return 4;
  return problem === undefined ? 0 : 1;
}

async function pinger(text: string, { options }: CommandContext<'watch'>) {
  const { parseAddress, ping } = await import('../../operations/alerts/ping.ts');
  const { realRequests } = await import('../../operations/alerts/request.ts');
  const address = parseAddress(text, '--ping');
  const effects = { ...realRequests, timeoutMs: options.timeout * 1000, attempts: options.attempts };
  return (isWell: boolean, sentence: string) => ping(address, isWell, sentence, effects);
}
