import { type DaybookError, exitCodes, messageOf, systemCodeOf } from '../../base/errors.ts';
import { jsonText } from '../../base/json/text.ts';
import { olderNodeHint } from '../../base/node-version.ts';
import { failedWriteOf } from '../../base/system-error.ts';
import { visibleBlock } from '../../base/terminal.ts';
import type { Output } from '../output.ts';

/** Prints whatever was thrown, for people or with --json as {"error": …}, and says which exit code it deserves. */
export function printError(error: unknown, out: Output, options: { json: boolean; debug: boolean }): number {
  const facts = factsOf(error);
  if (options.json) {
    const { code, message, hint, where } = facts;
    out.warn(jsonText({ error: { code, message, hint: hint ?? null, where: where ?? null } }));
  } else {
    const { bad, faint } = out.errorPalette;
    out.warn(`${bad('error:')} ${visibleBlock(facts.message)}`);
    if (facts.where !== undefined && !facts.message.includes(facts.where))
      out.warn(faint(`   at: ${visibleBlock(facts.where)}`));
    if (facts.hint !== undefined) out.warn(faint(` hint: ${visibleBlock(facts.hint)}`));
  }
  if (options.debug && error instanceof Error) out.warn(visibleBlock(error.stack ?? ''));
  return facts.exitCode;
}

interface PrintedFacts {
  code: string;
  message: string;
  hint: string | undefined;
  where: string | undefined;
  exitCode: number;
}

function factsOf(error: unknown): PrintedFacts {
  const known = isDaybookError(error) ? error : failedWriteOf(error);
  if (known !== undefined) {
    const { code, message, hint, where, exitCode } = known;
    return { code, message, hint, where, exitCode };
  }
  const system = systemCodeOf(error);
  const path = (error as { path?: unknown } | null)?.path;
  const hint =
    system === undefined
      ? (olderNodeHint() ?? 'This should not happen: run again with --debug and report what it prints.')
      : 'Check that the file or folder exists and that you may read and write it.';
  return {
    code: 'failed',
    message: messageOf(error),
    hint,
    where: typeof path === 'string' ? path : undefined,
    exitCode: exitCodes.failed,
  };
}

/** By what it has, not by class: the single-file bundle holds some classes twice, and some errors have names of their own. */
function isDaybookError(error: unknown): error is DaybookError {
  return error instanceof Error && 'exitCode' in error && 'hint' in error && 'where' in error;
}
