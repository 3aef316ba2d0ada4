import { posix } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { visibleText } from '../../base/terminal.ts';
import {
  type CommandOutcome,
  type OpenReceipt,
  openReceipt,
} from '../../operations/receipts/issue-receipt.ts';
import { parseNamedPaths } from '../../operations/receipts/named-paths.ts';
import { type CommandContext, optionTexts } from '../context.ts';
import { progressOf, receiptRequestOf, summaryOf, warnOfPlace } from './lock.ts';

/** The receipt of a command that is about to run. */
export interface CommandReceipt {
  /** Key of the run it is for: the folder of the receipt, where it lies in the book. */
  run: string | undefined;
  /** Takes the outputs and writes the file; says why where that fails, and gives false. */
  finish(outcome: CommandOutcome): Promise<boolean>;
}

/**
 * Takes code, data and previous stages before the command starts. What cannot be taken, because git or the disk refuses,
 * is no reason not to run it: then it says so, and there is no receipt.
 * @throws DaybookError `usage`, `bad-input` or `not-found` where the command line asks for something that is not there.
 */
export async function openReceiptOf(context: CommandContext, root: string): Promise<CommandReceipt> {
  const { out, cwd: from } = context;
  const request = {
    ...(await receiptRequestOf(context, root)),
    command: context.passthrough,
    mayMove: true,
    outputs: parseNamedPaths(optionTexts(context, 'output'), 'outputs', from),
  };
  const effects = { env: context.env, from, clock: context.clock, progress: progressOf(context) };
  let receipt: OpenReceipt;
  try {
    receipt = await openReceipt(root, request, effects);
  } catch (error) {
    if (!(error instanceof DaybookError) || mistakes.has(error.code)) throw error;
    out.warn(`${out.errorPalette.bad('error:')} no receipt is issued: ${visibleText(error.message)}`);
    if (error.hint !== undefined) out.warn(` hint: ${visibleText(error.hint)}`);
    return { run: undefined, finish: async () => false };
  } finally {
    out.progress();
  }
  return {
    run: keyOf(receipt.file),
    async finish(outcome) {
      try {
        const issued = await receipt.finish(outcome);
        out.progress();
        out.note(summaryOf(context, issued));
        warnOfPlace(context, issued);
        return true;
      } catch (error) {
        if (!(error instanceof DaybookError)) throw error;
        out.warn(
          `${out.errorPalette.bad('error:')} the receipt was not written: ${visibleText(error.message)}`,
        );
        return false;
      }
    },
  };
}

/** What whoever asks can mend before the command has done anything. */
const mistakes: ReadonlySet<string> = new Set(['usage', 'bad-input', 'not-found', 'no-book']);

function keyOf(file: string): string | undefined {
  const folder = posix.dirname(file);
  return folder === '.' || posix.isAbsolute(file) ? undefined : folder;
}
