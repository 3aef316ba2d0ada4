import { existsSync } from 'node:fs';
import { DaybookError } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { serializeReceipt } from '../../formats/receipts/text.ts';
import { withFileLock } from '../../store/file-lock.ts';
import { claimPlace } from '../../store/receipts/place-claim.ts';
import { addReceipt, keepReplaced, readReceipt, writeReceipt } from '../../store/receipts/receipt-files.ts';
import { mergeReceipts } from './merge-receipt.ts';
import { placesOfReceipt, shownPlace } from './receipt-place.ts';

/** A receipt as it was written. */
export interface IssuedReceipt {
  /** Relative to the book, or absolute outside of it. */
  file: string;
  receipt: JsonObject;
  /** What was there before: nothing, a receipt that this one replaced, or one that it was added to. */
  state: 'new' | 'replaced' | 'merged';
  /** The place it was meant for, where something stands there that stays; undefined where it stands as meant. */
  instead: string | undefined;
  /** Why it was not added there or put in its place, where that was wished. */
  why: string | undefined;
  /** Where the receipt lies now that this one replaced. */
  older: string | undefined;
}

/** What is to become of a receipt that stands at the place already; without a wish the new one gets a place of its own. */
export type Wish = 'merge' | 'replace' | undefined;

/** A place that is taken for a receipt until it is put there. */
export interface TakenPlace {
  path: string;
  wanted: string;
  wish: Wish;
  why: string | undefined;
  release(): void;
}

/**
 * Takes a place for a receipt: the wanted one, else the first of the next names that is free and that no living process
 * has taken. With a wish it is the wanted one, where that can be followed.
 * @throws DaybookError `exists` where it cannot, unless `mayMove`: then the receipt gets a place of its own.
 */
export function takePlace(root: string, wanted: string, wish: Wish, mayMove: boolean): TakenPlace {
  const nothing = () => undefined;
  let why: string | undefined;
  if (wish !== undefined) {
    try {
      if (existsSync(wanted)) readStanding(root, wanted, wish);
      return { path: wanted, wanted, wish, why, release: nothing };
    } catch (error) {
      if (!mayMove || !(error instanceof DaybookError)) throw error;
      why = error.message;
    }
  }
  for (const places = placesOfReceipt(root, wanted); ; ) {
    const path = places.next().value;
    const release = claimPlace(root, path);
    if (release !== undefined) return { path, wanted, wish: undefined, why, release };
  }
}

/**
 * Puts what is known of a run that begins in its place, where that is free and nobody wishes to add or replace. The digest
 * of what stands there then; undefined where nothing was written, which the end of the run makes up for.
 */
export function beginReceipt({ path, wish }: TakenPlace, receipt: JsonObject): string | undefined {
  if (wish !== undefined) return undefined;
  const text = serializeReceipt(receipt);
  try {
    return addReceipt(path, text) ? `sha256:${sha256Hex(text)}` : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts a receipt in its place, also in that of what `begun` (the digest from `beginReceipt`) put there. No other receipt is ever lost by that: a new one only goes where nothing stands, one that
 * is added to keeps what it says, and one that is replaced is kept below its folder, in replaced/.
 * @throws DaybookError `exists` where it clashes with what it is added to, unless `mayMove`; `unwritable`, `disk-full`.
 */
export async function putReceipt(
  root: string,
  place: TakenPlace,
  receipt: JsonObject,
  mayMove: boolean,
  begun?: string,
): Promise<IssuedReceipt> {
  const { path, wish } = place;
  try {
    if (wish === undefined) return putNew(root, place, receipt, place.why, begun);
    return await withFileLock(root, 'receipt', path, async () => {
      if (!existsSync(path)) return putNew(root, place, receipt, undefined);
      return wish === 'merge' ? addTo(root, path, receipt) : replace(root, path, receipt);
    });
  } catch (error) {
    if (!mayMove || !(error instanceof DaybookError) || error.code !== 'exists') throw error;
    return putNew(root, place, receipt, error.message);
  } finally {
    place.release();
  }
}

function putNew(
  root: string,
  { path, wanted }: TakenPlace,
  receipt: JsonObject,
  why: string | undefined,
  begun?: string,
): IssuedReceipt {
  const text = serializeReceipt(receipt);
  const issued = (at: string): IssuedReceipt => ({
    file: shownPlace(root, at),
    receipt,
    state: 'new',
    instead: at === wanted ? undefined : shownPlace(root, wanted),
    why,
    older: undefined,
  });
  if (begun === undefined ? addReceipt(path, text) : endBegun(path, text, begun)) return issued(path);
  // Someone else was there first, from another machine or by hand.
  for (const places = placesOfReceipt(root, wanted); ; ) {
    const other = places.next().value;
    if (addReceipt(other, text)) return issued(other);
  }
}

/** False where another receipt came to stand there; one that was removed in the meantime is put there again. */
function endBegun(path: string, text: string, begun: string): boolean {
  try {
    writeReceipt(path, text, begun);
    return true;
  } catch (error) {
    if (!(error instanceof DaybookError) || error.code !== 'exists') throw error;
    return addReceipt(path, text);
  }
}

function addTo(root: string, path: string, receipt: JsonObject): IssuedReceipt {
  const file = shownPlace(root, path);
  // Others may have added to it since it was first looked at.
  const { digest, raw } = readStanding(root, path, 'merge');
  const whole = mergeReceipts(raw, receipt, file);
  writeReceipt(path, serializeReceipt(whole), digest);
  return { file, receipt: whole, state: 'merged', instead: undefined, why: undefined, older: undefined };
}

function replace(root: string, path: string, receipt: JsonObject): IssuedReceipt {
  const { digest } = readStanding(root, path, 'replace');
  const older = shownPlace(root, keepReplaced(path));
  writeReceipt(path, serializeReceipt(receipt), digest);
  const file = shownPlace(root, path);
  return { file, receipt, state: 'replaced', instead: undefined, why: undefined, older };
}

/** A receipt that can be added to or replaced. Other files, and those that cannot be read whole, are left alone. */
function readStanding(
  root: string,
  path: string,
  wish: 'merge' | 'replace',
): { digest: string; raw: JsonObject } {
  const file = shownPlace(root, path);
  const { record, findings } = readReceipt(root, path);
  const broken = findings.find(({ severity }) => severity === 'error');
  if (record !== undefined && (wish === 'replace' || broken === undefined))
    return { digest: record.digest, raw: record.raw };
  const found = (broken ?? findings[0])?.found ?? 'something else';
  throw new DaybookError(
    'exists',
    `${file} cannot be ${wish === 'merge' ? 'added to' : 'replaced'}: ${found}.`,
    {
      where: file,
      hint: `Move it away, or leave --${wish} out: then the receipt gets a place of its own.`,
    },
  );
}
