import { DaybookError } from '../base/errors.ts';
import { visibleText } from '../base/terminal.ts';
import type { Finding } from '../formats/findings/finding.ts';
import { hashOfPython } from '../formats/ledger/param-hash.ts';
import { resolveHash } from '../operations/ledger/ledger-request.ts';
import { parseParamWords } from '../operations/ledger/parse-params.ts';
import { type LedgerEffects, openLedgerWriter } from '../operations/ledger/write-ledger.ts';
import type { LedgerWriter } from '../store/ledger/ledger-writer.ts';
import { bookRootOf, type With, type World } from './context.ts';
import type { ledgerOption, paramOptions, sharedOption } from './tables/ledger.ts';

/** Opens the ledger a command line names, hands it to `use`, and lets go of it. */
export async function withLedger<T>(
  context: With<typeof ledgerOption & typeof sharedOption>,
  use: (writer: LedgerWriter) => Promise<T>,
): Promise<T> {
  const choice = { ledger: context.options.ledger, shared: context.options.shared };
  const effects: LedgerEffects = {
    clock: context.clock,
    note: (text) => context.out.note(visibleText(text)),
  };
  const writer = openLedgerWriter(bookRootOf(context), choice, effects, true);
  try {
    return await use(writer);
  } finally {
    await writer.close();
  }
}

/** The ledger that reading commands read, relative to the book. */
export function ledgerOf(context: With<typeof ledgerOption>): string {
  return context.options.ledger ?? 'metadata.json';
}

/** The hash that --param, --params or --param-hash stand for; undefined where none of them is given. */
export function hashOf(context: With<typeof paramOptions>): string | null | undefined {
  const words = context.options.param;
  const json = context.options.params;
  const paramHash = context.options['param-hash'];
  if (words.length > 0 && json !== undefined) {
    throw new DaybookError('usage', 'Expected the parameters either as --param or as --params, found both.');
  }
  if (words.length === 0 && json === undefined && paramHash === undefined) return undefined;
  if (words.length === 0) return resolveHash({ params: json, paramHash });
  const made = hashOfPython(parseParamWords(words));
  if (paramHash !== undefined && paramHash !== made) {
    throw new DaybookError('usage', `The parameters have the hash ${made}, not ${visibleText(paramHash)}.`, {
      hint: 'Give either the parameters or the hash.',
    });
  }
  return made;
}

/** Says on standard error what is odd in the ledger that was read. */
export function noteFindings(context: World, findings: readonly Finding[]): void {
  for (const { file, line, path, expected, found } of findings.filter(
    ({ severity }) => severity !== 'note',
  )) {
    const place = `${file}${line === undefined ? '' : `:${line}`}${path === undefined ? '' : ` ${path}`}`;
    context.out.warn(
      `${context.out.errorPalette.warning('finding')} ${visibleText(`${place}: expected ${expected}, found ${found}`)}`,
    );
  }
}
