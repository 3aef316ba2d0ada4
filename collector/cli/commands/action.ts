import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json/json.ts';
import { visibleText } from '../../base/terminal.ts';
import { requireText } from '../../formats/text/file.ts';
import { parseDetails, parseDetailsText } from '../../operations/actions/parse-details.ts';
import { recordAction } from '../../operations/actions/record.ts';
import { alertAfterAction } from '../../operations/alerts/after-action.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { readInput } from '../input.ts';

/** `daybook action`: records one action, or with --batch one a line. */
export async function run(context: CommandContext<'action'>): Promise<number | undefined> {
  const root = bookRootOf(context);
  if (context.options.batch) return runBatch(root, context);
  const [type, ...words] = context.arguments;
  if (type === undefined) {
    throw new DaybookError('usage', 'daybook action needs <type>: what kind of action this is.', {
      hint: 'For example: daybook action deploy target=production',
    });
  }
  const request = {
    type,
    details: await readDetails(words, context),
    status: context.options.status,
    id: context.options.id,
    run: context.options.run,
  };
  const line = await recordAction(root, request, context);
  await alertAfterAction(root, context.env);
  if (context.json) context.out.printJson(line);
  else if (!context.quiet) {
    const { good, faint } = context.out.palette;
    context.out.print(
      `${good('recorded')} ${visibleText(line.action.type)} ${line.action.status} ${faint(line.snapshot_id)}`,
    );
  }
  return undefined;
}

async function readDetails(words: readonly string[], context: CommandContext<'action'>): Promise<JsonValue> {
  const file = context.options.file;
  if (file === undefined) {
    return words.length === 1 && words[0] === '-'
      ? parseDetailsText(await readInput(context), 'standard input')
      : parseDetails(words);
  }
  if (words.length > 0) {
    throw new DaybookError(
      'usage',
      `Expected the details either in --file or as arguments, found both ("${words[0]}").`,
    );
  }
  if (file === '-') return parseDetailsText(await readInput(context), 'standard input');
  return parseDetailsText(readDetailsFile(resolve(context.cwd, file), file), file);
}

function readDetailsFile(path: string, shown: string): string {
  try {
    return requireText(readFileSync(path), shown);
  } catch (cause) {
    if (cause instanceof DaybookError) throw cause;
    throw new DaybookError('unreadable', `Expected the details in ${shown}, but the file cannot be read.`, {
      where: shown,
      hint: 'Check that it exists and that you may read it.',
      cause,
    });
  }
}

async function runBatch(root: string, context: CommandContext<'action'>): Promise<number> {
  const { out } = context;
  if (context.arguments.length > 0) {
    throw new DaybookError(
      'usage',
      `daybook action --batch reads standard input and does not expect "${context.arguments[0]}".`,
    );
  }
  const { recordBatch } = await import('../../operations/actions/batch.ts');
  const { written, rejected } = await recordBatch(root, context.stdin() as AsyncIterable<Uint8Array>, {
    clock: context.clock,
    env: context.env,
    progress: (count) => out.progress(`${count} actions recorded`),
  });
  out.progress();
  if (context.json) out.printJson({ written, rejected });
  else {
    for (const { line, message } of rejected)
      out.warn(`${out.errorPalette.bad('rejected')} line ${line}: ${visibleText(message)}`);
    if (!context.quiet) out.print(`${written} recorded, ${rejected.length} rejected`);
  }
  return rejected.length > 0 ? 1 : 0;
}
