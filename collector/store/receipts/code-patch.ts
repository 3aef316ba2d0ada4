import type { JsonObject } from '../../base/json/json.ts';
import { tryCodeGit } from './code-repository.ts';

/** Larger patches make a receipt what it is not: a place for files. */
const maxPatchBytes = 16 * 1024 * 1024;

const flags = ['--cached', '--binary', '--full-index', '--no-color', '--no-ext-diff', '--no-textconv'];
const form = [
  '--no-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=dirty',
];

/**
 * The patch from a tree to the staged work tree, new and binary files included: `patch` as text, `patch_base64` where it
 * is not UTF-8, or `patch_missing` with the reason.
 */
export async function readPatch(top: string, tree: string, env: Record<string, string>): Promise<JsonObject> {
  const args = ['-c', 'core.quotePath=true', 'diff', ...flags, ...form, tree];
  const { ok, stdout } = await tryCodeGit(top, args, { env, binary: true });
  if (!ok) return { patch_missing: 'git could not make the patch' };
  if (stdout.length > maxPatchBytes) {
    return { patch_missing: `the patch has ${stdout.length} bytes, more than ${maxPatchBytes} are not kept` };
  }
  const bytes = Buffer.from(stdout, 'latin1');
  const { isUtf8 } = process.getBuiltinModule('node:buffer');
  return isUtf8(bytes) ? { patch: bytes.toString('utf8') } : { patch_base64: bytes.toString('base64') };
}

/** The bytes of a patch as a receipt has it; undefined where it has none. */
export function patchBytes(raw: JsonObject): Buffer | undefined {
  const { patch, patch_base64: encoded } = raw;
  if (typeof patch === 'string') return Buffer.from(patch);
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : undefined;
}
