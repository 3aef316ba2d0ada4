import { visibleText } from '../../base/terminal.ts';
import { runCommand } from '../../operations/run-command.ts';
import { bookRootOf, type CommandContext, optionText } from '../context.ts';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** `daybook exec`: runs a command, records it, ends with its exit code. */
export async function run(context: CommandContext): Promise<number> {
  const request = {
    type: context.arguments[0]!,
    command: context.passthrough,
    id: optionText(context, 'id'),
    run: optionText(context, 'run'),
    capture: !context.options.has('no-capture'),
  };
  const { exitCode, startError } = await runCommand(bookRootOf(context), request, {
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
  return exitCode;
}
