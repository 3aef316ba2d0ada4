import { type Clock, systemClock } from '../base/clock.ts';
import { exitCodes } from '../base/errors.ts';
import { daybookVersion as version } from '../base/version.ts';
import { chooseTable } from './choose-table.ts';
import type { CommandContext } from './context.ts';
import { formatCommandHelp, formatGroupHelp, formatProgramHelp } from './help.ts';
import { createOutput, type OutputStream, type Palette } from './output.ts';
import { type ParsedLine, parseLine } from './parse.ts';
import { printError } from './print/error.ts';
import type { CommandSpec } from './spec.ts';

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
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const json = own.includes('--json');
  const quiet = own.includes('--quiet') || own.includes('-q');
  const out = createOutput(effects.stdout, effects.stderr, { env: effects.env, json, quiet });
  try {
    const table = await chooseTable(argv);
    const line = parseLine(argv, table);
    const answer = answerOf(line, out.palette, table);
    if (answer !== undefined) {
      out.print(answer);
      return exitCodes.done;
    }
    if (line.command === undefined) {
      out.warn(formatProgramHelp(version, out.errorPalette, table));
      return exitCodes.usage;
    }
    const { clock = systemClock, cwd, env, interruptSignal, stdin } = effects;
    const context: CommandContext = { ...line, json, quiet, cwd, env, clock, stdin, out, interruptSignal };
    const module = await line.command.load();
    const exitCode = (await module.run(context)) ?? exitCodes.done;
    if (line.command.endsAtOnce) effects.end?.(exitCode);
    return exitCode;
  } catch (error) {
    return printError(error, out, { json, debug: own.includes('--debug') });
  }
}

/** What --version and --help print. */
function answerOf(line: ParsedLine, palette: Palette, table: readonly CommandSpec[]): string | undefined {
  if (line.options.has('help')) {
    if (line.group !== undefined) return formatGroupHelp(line.group, palette, table);
    return line.command === undefined
      ? formatProgramHelp(version, palette, table)
      : formatCommandHelp(line.command, palette);
  }
  return line.options.has('version') ? `daybook ${version}` : undefined;
}
