import { posix } from 'node:path';
import { DaybookError, messageOf } from '../../base/errors.ts';
import {
  type CommandOutcome,
  type OpenReceipt,
  openReceipt,
  type ReceiptRequest,
} from '../../operations/receipts/issue-receipt.ts';
import { parseNamedPaths } from '../../operations/receipts/named-paths.ts';
import { placeOfReceipt, shownPlace } from '../../operations/receipts/receipt-place.ts';
import { readRunConfig } from '../../operations/receipts/run-config.ts';
import { placeKey } from '../../runs/key.ts';
import type { CommandContext, World } from '../context.ts';
import { progressOf, receiptRequestOf, summaryOf, warnOfPlace } from './lock.ts';

/** The receipt of a command that is about to run. */
export interface CommandReceipt {
  /** Key of the run it is for: the folder of the receipt, where it lies in the book. */
  run: string | undefined;
  /** Takes the outputs and writes the file; says why where that fails, and never throws. */
  finish(outcome: CommandOutcome): Promise<void>;
}

/**
 * Takes code, data and previous stages before the command starts. Where that fails, `warn` is told and the command is
 * left without a receipt: the work is worth more.
 * @throws DaybookError `usage` or `bad-input` for options that make no sense, before anything has been done.
 */
export async function openReceiptOf(
  context: CommandContext<'exec'>,
  root: string,
  warn: (text: string) => void,
): Promise<CommandReceipt> {
  const { cwd: from } = context;
  let trouble: unknown;
  const readConfig: typeof readRunConfig = (path, folder) => {
    try {
      return readRunConfig(path, folder);
    } catch (error) {
      trouble = error;
      return {};
    }
  };
  const request = {
    ...(await receiptRequestOf(context, root, readConfig)),
    command: context.passthrough,
    mayMove: true,
    outputs: parseNamedPaths(context.options.output, 'outputs', from),
  };
  const place = runOf(request, root, from, trouble !== undefined);
  const opened = trouble === undefined ? await open(context, root, request) : { trouble };
  if ('trouble' in opened) {
    const hint = opened.trouble instanceof DaybookError ? opened.trouble.hint : undefined;
    const remedy = hint === undefined ? '' : ` ${hint}`;
    warn(`no receipt can be issued: ${messageOf(opened.trouble)} The command runs without one.${remedy}`);
    return { run: place, finish: async () => undefined };
  }
  const { receipt } = opened;
  const run = keyOf(receipt.file);
  // Where the action is another run's, nothing would say of this one that it goes on.
  const timer = (context.options.run ?? run) === run ? beginSoon(receipt) : undefined;
  return {
    run,
    finish(outcome) {
      clearInterval(timer);
      return finish(context, receipt, outcome, warn);
    },
  };
}

/** Puts down what is known as soon as the folder of the run is there; the command is not held up by it. */
function beginSoon(receipt: OpenReceipt): NodeJS.Timeout | undefined {
  if (receipt.begin()) return undefined;
  const timer = setInterval(() => receipt.begin() && clearInterval(timer), beginEveryMs);
  return timer.unref();
}

const beginEveryMs = 500;

/** @throws DaybookError `usage` where nothing says what place the receipt shall have. */
function runOf(
  request: ReceiptRequest,
  root: string,
  from: string,
  isConfigUnknown: boolean,
): string | undefined {
  try {
    return keyOf(shownPlace(root, placeOfReceipt(request, from)));
  } catch (error) {
    const isWrongUse = error instanceof DaybookError && error.code === 'usage';
    if (isWrongUse && !isConfigUnknown) throw error;
    return undefined;
  }
}

function keyOf(file: string): string | undefined {
  const folder = posix.dirname(file);
  if (posix.isAbsolute(file)) return undefined;
  return placeKey(folder === '.' ? '' : folder);
}

async function open(
  context: World,
  root: string,
  request: ReceiptRequest,
): Promise<{ receipt: OpenReceipt } | { trouble: unknown }> {
  const effects = {
    env: context.env,
    from: context.cwd,
    clock: context.clock,
    progress: progressOf(context),
  };
  try {
    return { receipt: await openReceipt(root, request, effects) };
  } catch (trouble) {
    return { trouble };
  } finally {
    context.out.progress();
  }
}

async function finish(
  context: World,
  receipt: OpenReceipt,
  outcome: CommandOutcome,
  warn: (text: string) => void,
): Promise<void> {
  const { out } = context;
  try {
    const issued = await receipt.finish(outcome);
    out.progress();
    out.note(summaryOf(context, issued));
    warnOfPlace(context, issued);
  } catch (error) {
    warn(`the receipt was not written: ${messageOf(error)}`);
  }
}
