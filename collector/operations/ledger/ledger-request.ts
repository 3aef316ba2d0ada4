import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { hashText, paramHashOf } from '../../formats/ledger/param-hash.ts';
import { type LedgerStatus, ledgerStatuses, ledgerStatusOf } from '../../formats/ledger/record.ts';

/** What ties a run to its parameters: the parameters themselves (an object or JSON text), or a hash made elsewhere. */
export interface ParamSource {
  params?: unknown;
  paramHash?: string | number | bigint | null | undefined;
}

/** The hash of a request. @throws DaybookError `usage` where both are given and differ. */
export function resolveHash({ params, paramHash }: ParamSource): string | null {
  const given = hashText(paramHash);
  const made = params === undefined ? null : paramHashOf(params);
  if (given !== null && made !== null && given !== made) {
    throw new DaybookError('usage', `The parameters have the hash ${made}, not ${showText(given, 64)}.`, {
      where: 'param hash',
      hint: 'Give either the parameters or the hash.',
    });
  }
  return given ?? made;
}

/**
 * A relpath as the original keeps it: POSIX, "" for the ledger's own folder.
 * @throws DaybookError `usage` for one that leads out of that folder.
 */
export function resolveRelpath(given: string | undefined): string {
  const parts = (given ?? '').split('/').filter((part) => part !== '' && part !== '.');
  if (given?.startsWith('/') || parts.includes('..')) {
    throw new DaybookError(
      'usage',
      `Expected a relpath below the folder of the ledger, found "${showText(given!, 80)}".`,
      {
        where: 'relpath',
        hint: 'For example: --relpath grid/lr-1e3',
      },
    );
  }
  checkName('relpath', parts.join('/'), true);
  return parts.join('/');
}

/** The original's word for a status. @throws DaybookError `usage` for one that it would refuse to read. */
export function resolveStatus(given: string): LedgerStatus {
  const word = ledgerStatusOf(given);
  if (word !== undefined) return word;
  throw new DaybookError('usage', `"${showText(given, 40)}" is not a status of a ledger.`, {
    where: 'status',
    hint: `Use one of ${ledgerStatuses.join(', ')}; the original refuses a whole ledger that holds another one.`,
  });
}

const maxChars = 500;

/** A name that both sides can read: no control characters, whole characters, of reasonable length. */
export function checkName(what: string, name: string, mayBeEmpty = false): void {
  const isFit = name.length <= maxChars && !/[\u0000-\u001f\u007f]/.test(name) && name.isWellFormed();
  if (isFit && (mayBeEmpty || name.trim() !== '')) return;
  throw new DaybookError(
    'usage',
    `Expected ${what} as a text of 1 to ${maxChars} printable characters, found "${showText(name, 60)}".`,
    {
      where: what,
    },
  );
}
