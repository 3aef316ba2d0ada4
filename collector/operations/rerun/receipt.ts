import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, posix, resolve } from 'node:path';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { placeOfFile } from '../../runs/evidence.ts';
import { joinPlace } from '../../runs/key.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { RerunSpace } from '../../store/rerun/space.ts';
import { type OpenReceipt, openReceipt, type ReceiptEffects } from '../receipts/issue-receipt.ts';
import type { RerunInputs } from './inputs.ts';
import type { RecordedRun } from './recorded.ts';

/** The receipt of a rerun that waits for its end, and the outputs it will digest: to be filled in before that. */
export interface RerunReceipt {
  opened: OpenReceipt;
  /** Absolute folder of the new run. */
  home: string;
  outputs: Map<string, string>;
}

/** Opens the receipt of the new run: code and data as the first run has them; of data that has changed, what it is now. */
export async function openRerunReceipt(
  root: string,
  recorded: RecordedRun,
  { changed }: RerunInputs,
  effects: ReceiptEffects,
): Promise<RerunReceipt> {
  const { receipt, run, cwdText, command, variables, masked, repos } = recorded;
  const raw = receipt?.raw ?? {};
  const lost = new Set(changed.map(({ name }) => name));
  const kept = (part: string) =>
    Object.fromEntries(Object.entries(objectIn(raw, part)).filter(([name]) => !lost.has(name)));
  const outputs = new Map<string, string>();
  const there = changed.flatMap(({ name, path, isThere }) =>
    path === undefined || !isThere ? [] : [[name, path] as const],
  );
  const opened = await openReceipt(
    root,
    {
      outputs,
      config: receipt?.config ?? {},
      configTexts: objectIn(raw, 'config_texts') as Record<string, string>,
      repos: new Map(),
      data: new Map(there),
      previous: [],
      out: join(root, placeFor(root, run, receipt)),
      merge: false,
      mayMove: true,
      shadow: false,
      manifest: false,
      variables: [...Object.keys(variables), ...masked],
      command,
      taken: {
        repos: Object.fromEntries(Object.entries(repos).map(([name, repo]) => [name, repo.raw])),
        data: kept('data'),
        inputs: kept('inputs'),
        lineage: objectIn(raw, 'lineage'),
        prevs: objectIn(raw, 'prevs'),
        cwd: cwdText,
      },
    },
    { ...effects, from: root },
  );
  const folder = posix.dirname(opened.file);
  return { opened, home: isAbsolute(folder) ? folder : join(root, folder), outputs };
}

/** A new place beside the first run: results/a_rerun, then results/a_rerun_2. */
export function placeFor(root: string, { place }: RunRecord, receipt: RecordedRun['receipt']): string {
  const prefix = receipt === undefined ? '' : placeOfFile(receipt.file, 'run.lock').prefix;
  const own = prefix === '' ? place : joinPlace(place, prefix);
  const base = own === '' ? 'rerun' : `${own.replace(/_rerun(?:_\d+)?$/, '')}_rerun`;
  for (let number = 1; ; number++) {
    const at = number === 1 ? base : `${base}_${number}`;
    if (isFree(join(root, at))) return at;
  }
}

function isFree(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat === undefined || (stat.isDirectory() && readdirSync(folder).length === 0);
}

/** Where each output of the first run is written in the folder of the rerun. */
export function outputsIn(
  root: string,
  { origin: { receipt } }: RecordedRun,
  { placeOf }: Pick<RerunSpace, 'placeOf'>,
): Map<string, string> {
  const places = outputPlaces(root, receipt?.raw ?? {});
  return new Map([...places].map(([name, path]) => [name, placeOf(path) ?? path]));
}

/** The absolute paths of the outputs that a receipt names. */
export function outputPlaces(root: string, raw: JsonObject): Map<string, string> {
  const outputs = Object.entries(objectIn(raw, 'outputs')).flatMap(([name, output]) => {
    const path = isObject(output) ? output['path'] : undefined;
    return typeof path === 'string' ? [[name, isAbsolute(path) ? path : resolve(root, path)] as const] : [];
  });
  return new Map(outputs);
}

function objectIn(raw: JsonObject, part: string): JsonObject {
  const value = raw[part];
  return isObject(value) ? value : {};
}
