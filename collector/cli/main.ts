import { type Clock, systemClock } from '../base/clock.ts';
import { exitCodes } from '../base/errors.ts';
import { daybookVersion as version } from '../base/version.ts';
import type { World } from './context.ts';
import { formatCommandHelp, formatGroupHelp, formatProgramHelp } from './help.ts';
import { createOutput, type OutputStream, type Palette } from './output.ts';
import { printError } from './print/error.ts';
import { type Line, readLine } from './read-line.ts';

/** The world of a command line, handed in so that tests need no process of their own. */
export interface MainEffects {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A function, because the mere use of process.stdin opens it. */
  stdin(): NodeJS.ReadableStream;
  stdout: OutputStream;
  stderr: OutputStream;
  /** From the first call on, Ctrl-C aborts this signal instead of ending the process. */
  interruptSignal(): AbortSignal;
  clock?: Clock;
  /** Ends the process there and then, where that is known to lose nothing; by itself it may take its time. */
  end?(exitCode: number): void;
}

/** Runs one command line and says which exit code the process should end with; never throws. */
export async function main(argv: readonly string[], effects: MainEffects): Promise<number> {
  const line = await readLine(argv);
  const { dir, json, quiet, debug } = line.shared;
  const out = createOutput(effects.stdout, effects.stderr, { env: effects.env, json, quiet });
  try {
    if (line.problem !== undefined) throw line.problem;
    const answer = answerOf(line, out.palette);
    if (answer !== undefined) {
      out.print(answer);
      return exitCodes.done;
    }
    const { command, options, passthrough, arguments: given } = line;
    if (command === undefined) {
      out.warn(formatProgramHelp(version, out.errorPalette, line.table));
      return exitCodes.usage;
    }
    const { clock = systemClock, cwd, env, interruptSignal, stdin } = effects;
    const world: World = { dir, json, quiet, cwd, env, clock, stdin, out, interruptSignal };
    const { run } = await command.load();
    const exitCode = (await run({ ...world, options, arguments: given, passthrough })) ?? exitCodes.done;
    if (command.endsAtOnce) effects.end?.(exitCode);
    return exitCode;
  } catch (error) {
    return printError(error, out, { json, debug });
  }
}

/** What --version and --help print. */
function answerOf({ shared, command, group, table }: Line, palette: Palette): string | undefined {
  if (shared.help) {
    if (group !== undefined) return formatGroupHelp(group, palette, table);
    return command === undefined
      ? formatProgramHelp(version, palette, table)
      : formatCommandHelp(command, palette);
  }
  return shared.version ? `daybook ${version}` : undefined;
}
