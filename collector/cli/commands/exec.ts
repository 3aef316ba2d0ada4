import { DaybookError } from '../../base/errors.ts';
import { visibleText } from '../../base/terminal.ts';
import { runCommand } from '../../operations/run-command.ts';
import { bookRootOf, type CommandContext, optionText, optionTexts } from '../context.ts';
import { receiptOptions } from '../table-receipts.ts';

const receiptOnly = [...receiptOptions.map(({ name }) => name), 'output'];
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** `daybook exec`: runs a command, records it, ends with its exit code. */
export async function run(context: CommandContext): Promise<number> {
  const root = bookRootOf(context);
  // Loaded only where it is asked for: without it, this command must cost next to nothing.
  const receipt = context.options.has('lock')
    ? await (await import('./exec-lock.ts')).openReceiptOf(context, root)
    : refuseReceiptOptions(context);
  const request = {
    type: context.arguments[0]!,
    command: context.passthrough,
    id: optionText(context, 'id'),
    run: optionText(context, 'run') ?? receipt?.run,
    capture: !context.options.has('no-capture'),
  };
  const { exitCode, startError, durationMs } = await runCommand(root, request, {
    clock: context.clock,
    env: context.env,
    cwd: context.cwd,
    stdout: process.stdout,
    stderr: process.stderr,
    onSignal(listener) {
      for (const signal of passedOn) process.on(signal, listener);
      return () => {
        for (const signal of passedOn) process.off(signal, listener);
      };
    },
  });
  if (startError !== null) {
    const { bad } = context.out.errorPalette;
    context.out.warn(`${bad('error:')} ${visibleText(context.passthrough[0]!)}: ${visibleText(startError)}`);
  }
  const isIssued = (await receipt?.finish({ exitCode, durationMs })) ?? true;
  return isIssued ? exitCode : exitCode || 1;
}

function refuseReceiptOptions(context: CommandContext): undefined {
  const given = receiptOnly.find(
    (name) => context.options.has(name) || optionTexts(context, name).length > 0,
  );
  if (given === undefined) return undefined;
  throw new DaybookError(
    'usage',
    `--${given} says what a receipt is to hold, but no receipt was asked for.`,
    {
      hint: 'Add --lock.',
    },
  );
}
