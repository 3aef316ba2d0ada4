import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import { isObject, type JsonObject } from '../../base/json/json.ts';
import { bookPath, isInside } from '../../base/paths.ts';
import type { ReceiptRecord, ReceiptStage } from '../../formats/receipts/record.ts';
import { readReceipt } from '../../store/receipts/receipt-files.ts';
import type { PathMap } from './named-paths.ts';

/** Where previous stages are looked for. */
export interface StagePlace {
  root: string;
  from: string;
  /** The receipt that is being issued: it is no stage before itself. */
  own: string;
}

/** Previous stages as a receipt has them: `lineage` for FlexLock's tools, `prevs` with the whole ancestry. */
export interface EmbeddedStages {
  lineage: JsonObject;
  prevs: JsonObject;
}

/** How far back ancestors are followed; of deeper ones path and digest stand there, and their receipts have the rest. */
const maxGenerations = 60;

/**
 * Embeds previous stages with their ancestry. Each is found at its path (a run.lock, its folder, or a file or folder
 * below it). What occurs more than once in the ancestry stands there once, and elsewhere by path and digest.
 * @throws DaybookError `not-found`, or `bad-input` where a name would occur twice or the file is no receipt.
 */
export function embedStages(given: readonly string[] | PathMap, place: StagePlace): EmbeddedStages {
  const lineage: JsonObject = Object.create(null);
  const prevs: JsonObject = Object.create(null);
  const paths: Record<string, string> = Object.create(null);
  const seen = new Set<string>();
  const entries: [string | undefined, string][] =
    given instanceof Map ? [...given] : given.map((path) => [undefined, path]);
  for (const [wanted, path] of entries) {
    const { file, record } = findStage(path, place);
    const folder = dirname(file);
    const name = wanted ?? (basename(folder) || 'root');
    if (paths[name] !== undefined) throw clash(name, paths[name], path);
    paths[name] = path;
    lineage[name] = { path: shownPath(folder, place.root) };
    prevs[name] = embed(record, folder, place.root, seen, 0);
  }
  return { lineage, prevs };
}

function clash(name: string, one: string, other: string): DaybookError {
  return new DaybookError('bad-input', `Two previous stages are called "${name}": ${one} and ${other}.`, {
    hint: `Name one of them: --prev other=${other}.`,
  });
}

function findStage(path: string, { root, from, own }: StagePlace): { file: string; record: ReceiptRecord } {
  const start = resolve(from, path);
  if (!existsSync(start)) {
    throw new DaybookError('not-found', `Expected a previous stage at ${path}, found nothing there.`, {
      where: path,
      hint: 'Name its run.lock, its folder, or a file it wrote.',
    });
  }
  const file =
    /\.lock$/.test(start) && isFile(start)
      ? start
      : lockUpwards(start, isInside(root, start) ? root : undefined);
  if (file === undefined || file === own) {
    const found = file === own ? 'only the one that is being issued' : 'none there or in the folders above';
    throw new DaybookError(
      'not-found',
      `Expected a run.lock for the previous stage ${path}, found ${found}.`,
      {
        where: path,
        hint: 'Issue a receipt for that stage first, or leave --prev out.',
      },
    );
  }
  const { record, findings } = readReceipt(root, file);
  if (record !== undefined) return { file, record };
  throw new DaybookError(
    'bad-input',
    `Expected a receipt at ${shownPath(file, root)}, found ${findings[0]?.found ?? 'something else'}.`,
    { where: shownPath(file, root), hint: 'Name the run.lock of the stage itself.' },
  );
}

function lockUpwards(start: string, last: string | undefined): string | undefined {
  for (let folder = isFile(start) ? dirname(start) : start; ; folder = dirname(folder)) {
    const file = join(folder, 'run.lock');
    if (isFile(file)) return file;
    if (folder === last || dirname(folder) === folder) return undefined;
  }
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function shownPath(path: string, root: string): string {
  return isInside(root, path) ? bookPath(root, path) || '.' : path;
}

const embeddedKeys = ['schema', 'timestamp', 'run', 'parent', 'config', 'repos', 'data', 'inputs', 'outputs'];

function embed(
  record: ReceiptRecord,
  folder: string,
  root: string,
  seen: Set<string>,
  depth: number,
): JsonObject {
  const head = { path: shownPath(folder, root), digest: record.digest };
  if (seen.has(record.digest)) return head;
  seen.add(record.digest);
  const before = ancestors(record, root, seen, depth);
  return { ...head, ...partsOf(record.raw), ...(Object.keys(before).length > 0 && { prevs: before }) };
}

/** Patches and lists of files stay where they are: the digest leads there. */
function partsOf(raw: JsonObject): JsonObject {
  const parts: JsonObject = {};
  for (const key of embeddedKeys) {
    const value = raw[key];
    if (value === undefined || value === null) continue;
    const isLean = key !== 'repos' && key !== 'inputs' && key !== 'outputs';
    parts[key] = isLean || !isObject(value) ? value : lean(value);
  }
  return parts;
}

function lean(entries: JsonObject): JsonObject {
  const kept: JsonObject = Object.create(null);
  for (const [name, value] of Object.entries(entries)) {
    if (!isObject(value)) kept[name] = value;
    else {
      const { manifest, patch, patch_base64, submodules, ...rest } = value;
      kept[name] = isObject(submodules) ? { ...rest, submodules: lean(submodules) } : rest;
    }
  }
  return kept;
}

/** From the receipts of the ancestors where they still stand as they were embedded, else from what was embedded. */
function ancestors(record: ReceiptRecord, root: string, seen: Set<string>, depth: number): JsonObject {
  const before: JsonObject = Object.create(null);
  if (depth >= maxGenerations) {
    for (const { name, path, digest } of record.previous) {
      before[name] = { ...(path !== undefined && { path }), ...(digest !== undefined && { digest }) };
    }
    return before;
  }
  const embedded = rawStages(record.raw);
  for (const stage of record.previous) {
    const file = stage.path === undefined ? undefined : resolve(root, stage.path, 'run.lock');
    const standing = file !== undefined && isFile(file) ? readReceipt(root, file).record : undefined;
    before[stage.name] =
      standing !== undefined && isSame(stage, standing)
        ? embed(standing, dirname(file!), root, seen, depth + 1)
        : (embedded[stage.name] ?? {});
  }
  return before;
}

function isSame(stage: ReceiptStage, standing: ReceiptRecord): boolean {
  if (stage.digest !== undefined) return stage.digest === standing.digest;
  return stage.content.atUs === standing.atUs;
}

function rawStages(raw: JsonObject): JsonObject {
  const { lineage, prevs } = raw;
  const stages: JsonObject = Object.create(null);
  for (const [name, value] of Object.entries(isObject(lineage) ? lineage : {})) {
    stages[name] =
      isObject(value) && isObject(value['info']) ? { path: value['path'] ?? null, ...value['info'] } : value;
  }
  for (const [name, value] of Object.entries(isObject(prevs) ? prevs : {})) stages[name] = value;
  return stages;
}
