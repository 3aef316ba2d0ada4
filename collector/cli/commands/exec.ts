import { DaybookError } from '../../base/errors.ts';
import { visibleText } from '../../base/terminal.ts';
import { parseSampleTime } from '../../formats/metrics/samples.ts';
import { alertAfterAction } from '../../operations/alerts/after-action.ts';
import { defaultLogLimit } from '../../operations/exec/log-limit.ts';
import { runCommand } from '../../operations/exec/run-command.ts';
import type { SamplesWish } from '../../operations/exec/samples/how-often.ts';
import { checkTree } from '../check-tree.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { parseSize } from '../options.ts';
import { receiptOptions } from '../tables/receipts.ts';
import { warn } from '../warn.ts';
import type { CommandReceipt } from './exec-lock.ts';
import { passedOn } from './passed-on.ts';

const receiptOnly = [...(Object.keys(receiptOptions) as (keyof typeof receiptOptions)[]), 'output'] as const;

/** `daybook exec`: runs a command, records it, ends with its exit code, whatever becomes of the recording. */
export async function run(context: CommandContext<'exec'>): Promise<number> {
  const root = rootOf(context);
  // With --lock it is the repositories of the receipt that are looked at.
  if (!context.options.lock) await checkTree(context);
  // Loaded only where it is asked for: without it, this command must cost next to nothing.
  const receipt = context.options.lock ? await openReceipt(context, root) : refuseReceiptOptions(context);
  const request = {
    type: context.arguments[0],
    command: context.passthrough,
    id: context.options.id,
    run: context.options.run ?? receipt?.run,
    capture: !context.options['no-capture'],
    terminal: terminalOf(context.options),
    logLimit: logLimitOf(context.options),
    samples: samplesOf(context.options),
  };
  const { exitCode, startError, ...outcome } = await runCommand(root, request, {
    clock: context.clock,
    env: context.env,
    cwd: context.cwd,
    stdout: process.stdout,
    stderr: process.stderr,
    warn: (text) => warn(context, text),
    onSignal: passedOn,
  });
  if (startError !== null) {
    const { bad } = context.out.errorPalette;
    context.out.warn(`${bad('error:')} ${visibleText(context.passthrough[0]!)}: ${visibleText(startError)}`);
  }
  await receipt?.finish({ exitCode, ...outcome });
  if (root !== undefined) await alertAfterAction(root, context.env);
  return exitCode;
}

/** How much of the output is kept; undefined where none is asked for. @throws DaybookError `usage`. */
function logLimitOf({
  log,
  'log-limit': limit,
  'no-capture': isLeft,
}: CommandContext<'exec'>['options']): number | undefined {
  if (!log && limit === undefined) return undefined;
  if (isLeft) {
    throw new DaybookError('usage', '--log keeps the output, and --no-capture leaves it to the terminal.', {
      hint: 'Leave one of them out.',
    });
  }
  return limit === undefined ? defaultLogLimit : parseSize(limit, '--log-limit');
}

/** Whether a terminal is asked for. @throws DaybookError `usage`. */
function terminalOf({ tty, 'no-capture': isLeft }: CommandContext<'exec'>['options']): boolean {
  if (!tty || !isLeft) return tty;
  throw new DaybookError('usage', '--tty makes a terminal, and --no-capture leaves ours to the command.', {
    hint: 'Leave one of them out.',
  });
}

/** What was said of samples. @throws DaybookError `usage`. */
function samplesOf({ sample }: CommandContext<'exec'>['options']): SamplesWish {
  if (sample === undefined || sample === 'off') return sample;
  const everyMs = parseSampleTime(sample);
  if (everyMs !== undefined) return everyMs;
  throw new DaybookError('usage', `Expected --sample as a time from 1s to 1h, or off, found "${sample}".`, {
    hint: 'For example: --sample 5s',
  });
}

/** The book; undefined where there is none, which is said and stops nothing. */
function rootOf(context: CommandContext<'exec'>): string | undefined {
  try {
    return bookRootOf(context);
  } catch (error) {
    if (!(error instanceof DaybookError) || error.code !== 'no-book') throw error;
    warn(context, `${error.message} The command runs, and nothing of it is recorded.`);
    return undefined;
  }
}

async function openReceipt(
  context: CommandContext<'exec'>,
  root: string | undefined,
): Promise<CommandReceipt | undefined> {
  if (root === undefined) return undefined;
  const { openReceiptOf } = await import('./exec-lock.ts');
  return openReceiptOf(context, root, (text) => warn(context, text));
}

function refuseReceiptOptions(context: CommandContext<'exec'>): undefined {
  const { options } = context;
  // An option that was not given is nothing, false or an empty list.
  const given = receiptOnly.find((name) => [options[name]].flat().some(Boolean));
  if (given === undefined) return undefined;
  throw new DaybookError(
    'usage',
    `--${given} says what a receipt is to hold, but no receipt was asked for.`,
    {
      hint: 'Add --lock.',
    },
  );
}
