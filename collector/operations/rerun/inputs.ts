import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isInside } from '../../base/paths.ts';
import { dataNames, dataPathOf } from '../../formats/receipts/data.ts';
import type { ReceiptRecord } from '../../formats/receipts/record.ts';
import { verifyData } from '../../store/receipts/verify-data.ts';
import { openVerifySession, type VerifySession } from '../../store/receipts/verify-session.ts';
import { linkData, type RerunSpace } from '../../store/rerun/space.ts';

/** How the data of a rerun stands. */
export interface RerunInputs {
  /** Names of inputs with the bytes that were recorded. */
  same: string[];
  /** Inputs that are not what was recorded, with what is different, as sentences. */
  changed: { name: string; why: string; path: string | undefined; isThere: boolean }[];
}

/** The absolute paths of the data that a receipt names. */
export function dataPlaces(root: string, receipt: ReceiptRecord): string[] {
  return dataNames(receipt).flatMap((name) => placeIn(root, receipt, name) ?? []);
}

/**
 * Finds for each input of a receipt the bytes that were recorded: in the code that was brought back, else where they lay,
 * and then a link to them stands where the command looks for them. Nothing is copied. `ours` are places in the folder of
 * the rerun that no link may take the place of: the command writes there.
 */
export async function placeInputs(
  root: string,
  receipt: ReceiptRecord,
  { placeOf }: RerunSpace,
  ours: readonly string[],
): Promise<RerunInputs> {
  const session = openVerifySession(root);
  try {
    const found: RerunInputs = { same: [], changed: [] };
    const standing = new Map((await verifyData(receipt, session)).map((entry) => [entry.name, entry]));
    for (const name of dataNames(receipt)) {
      const entry = standing.get(name);
      const absolute = placeIn(root, receipt, name);
      const place = absolute === undefined ? undefined : placeOf(absolute);
      if (place !== undefined && (await hasRecorded(receipt, name, place, session))) {
        found.same.push(name);
        continue;
      }
      const isLinked =
        absolute === undefined || place === undefined || linkInput(absolute, place, { placeOf, ours });
      if (entry?.state === 'unchanged' && isLinked) found.same.push(name);
      else {
        const why = isLinked
          ? (entry?.why ?? 'it cannot be checked')
          : 'the command writes into it, and it is not part of the recorded code';
        const isThere = entry !== undefined && ['unchanged', 'changed'].includes(entry.state);
        found.changed.push({ name, path: absolute, isThere, why: `${name}: ${why.replace(/\.$/, '')}` });
      }
    }
    return found;
  } finally {
    await session.close();
  }
}

function placeIn(root: string, receipt: ReceiptRecord, name: string): string | undefined {
  const path = dataPathOf(receipt, name);
  if (path === undefined) return undefined;
  return isAbsolute(path) ? path : resolve(root, path);
}

/** Of a glob the folder is linked that its files lie in. False where a link would lead what is written out of the folder. */
function linkInput(
  path: string,
  place: string,
  { placeOf, ours }: Pick<RerunSpace, 'placeOf'> & { ours: readonly string[] },
): boolean {
  if (!existsSync(path)) {
    const folder = path.slice(0, Math.max(0, path.search(/[*?[{]/))).replace(/\/[^/]*$/, '');
    const around = folder === '' ? undefined : placeOf(folder);
    return around === undefined || !existsSync(folder) || linkInput(folder, around, { placeOf, ours });
  }
  if (ours.some((each) => isInside(place, each))) return false;
  linkData(path, place);
  return true;
}

async function hasRecorded(
  receipt: ReceiptRecord,
  name: string,
  place: string,
  session: VerifySession,
): Promise<boolean> {
  try {
    const digest = await session.digest(place, false);
    const recorded = receipt.inputs[name]?.digest;
    return recorded === undefined
      ? receipt.data[name]?.toLowerCase() === digest.xxh64
      : recorded === digest.input.digest;
  } catch (error) {
    if (error instanceof DaybookError) return false;
    throw error;
  }
}
