import { resolve } from 'node:path';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { type DataDigest, digestData } from '../../store/receipts/data-digest.ts';
import type { HashProgress } from '../../store/receipts/hash-files.ts';
import type { PathMap } from './named-paths.ts';
import { shownPlace } from './receipt-place.ts';

/** What a receipt wants of digests. */
interface DigestRequest {
  outputs?: PathMap;
  /** Names the digest of every file, however many. */
  manifest: boolean;
}

/** Where relative paths start, and who hears how far it is. */
interface DigestEffects {
  from: string;
  progress?: (what: string, progress?: HashProgress) => void;
}

/** Digests of what is named, as FlexLock has them and as inputs of ours. @throws DaybookError where something is not there. */
export async function digestAll(
  root: string,
  paths: PathMap,
  request: DigestRequest,
  effects: DigestEffects,
): Promise<{ hashes: JsonObject; inputs: JsonObject }> {
  const hashes: JsonObject = Object.create(null);
  const inputs: JsonObject = Object.create(null);
  for (const [name, path] of paths) {
    const digest = await digestOne(root, name, path, request, effects);
    hashes[name] = digest.xxh64;
    inputs[name] = inputEntry(digest);
  }
  return { hashes, inputs };
}

/** What a run should have written and did not is recorded as missing: its receipt is wanted all the more. */
export async function digestOutputs(
  root: string,
  request: DigestRequest,
  effects: DigestEffects,
): Promise<JsonObject> {
  const outputs: JsonObject = Object.create(null);
  for (const [name, path] of request.outputs ?? []) {
    try {
      outputs[name] = inputEntry(await digestOne(root, name, path, request, effects));
    } catch (error) {
      if (!(error instanceof DaybookError)) throw error;
      const missing =
        error.code === 'not-found' ? 'it was not there when the command had ended' : error.message;
      outputs[name] = { path: shownPlace(root, resolve(effects.from, path)), missing };
    }
  }
  return outputs;
}

function digestOne(
  root: string,
  name: string,
  path: string,
  { manifest }: DigestRequest,
  { from, progress }: DigestEffects,
): Promise<DataDigest> {
  return digestData(path, {
    root,
    from,
    manifest: manifest ? 'always' : 'small',
    ...(progress && { progress: (state: HashProgress) => progress(name, state) }),
  });
}

/** What lies there and is not covered is named: links that lead nowhere, pipes, what may not be read. */
function inputEntry({ input: { manifest, pointers, ...input }, skipped }: DataDigest): JsonObject {
  const named = skipped.slice(0, maxSkipped).map(({ path, why }): JsonObject => ({ path, why }));
  const rest = skipped.length - named.length;
  if (rest > 0) named.push({ path: '…', why: `${rest} more` });
  return {
    ...input,
    ...(named.length > 0 && { not_covered: named }),
    ...(pointers !== undefined && { lfs_pointers: pointers }),
    ...(manifest !== undefined && { manifest }),
  };
}

const maxSkipped = 20;
