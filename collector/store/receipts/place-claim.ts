import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { removeQuietly } from '../../base/atomic-file.ts';
import { systemCodeOf } from '../../base/errors.ts';
import { sha256Hex } from '../../base/hash.ts';
import { isObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { temporaryPathFor } from '../../base/temporary-name.ts';
import { cacheFolder } from '../layout.ts';
import { processStart } from '../ledger/staleness.ts';

/** The claims of this process: one that a dead process of the same number left is not among them. */
const own = new Set<string>();

/**
 * Says that a receipt will stand at `path` when its run has ended, so that a run that begins in the meantime takes another
 * place. Undefined where a living process has said so before; else what takes the claim back. It only spares a clash:
 * the file itself is never replaced, so where a claim cannot be written there is none.
 */
export function claimPlace(root: string, path: string): (() => void) | undefined {
  const folder = join(cacheFolder(root), 'claims');
  const file = join(folder, sha256Hex(path).slice(0, 32));
  if (own.has(file)) return undefined;
  own.add(file);
  if (!claim(folder, file)) {
    own.delete(file);
    return undefined;
  }
  return () => {
    own.delete(file);
    removeQuietly(file);
  };
}

/** False where a living process holds it. */
function claim(folder: string, file: string): boolean {
  const temporary = temporaryPathFor(file);
  try {
    mkdirSync(folder, { recursive: true });
    ignoreFolder(join(folder, '..'));
    const { pid } = process;
    writeFileSync(temporary, jsonText({ pid, host: hostname(), start: processStart(pid) }));
    // A link comes whole and at once, and to one of those who try.
    for (let tries = 0; tries < 10 && !isLinked(temporary, file); tries++) {
      if (isHeld(file)) return false;
      setAside(file, temporaryPathFor(file));
    }
    return true;
  } catch {
    return true;
  } finally {
    removeQuietly(temporary);
  }
}

function ignoreFolder(folder: string): void {
  const path = join(folder, '.gitignore');
  if (!existsSync(path)) writeFileSync(path, '*\n');
}

function isLinked(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes away what a dead process left; where a living one was quicker, its claim is put back. */
function setAside(file: string, aside: string): void {
  try {
    renameSync(file, aside);
    if (isHeld(aside)) linkSync(aside, file);
  } catch {
    // Another one did it, or has claimed it again.
  } finally {
    removeQuietly(aside);
  }
}

/** By a living process of this host: others cannot be looked up. */
function isHeld(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return false;
  }
  const parsed = parseLenientJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return false;
  const { pid, host, start } = parsed.value;
  if (typeof pid !== 'number' || host !== hostname() || pid === process.pid) return false;
  const now = processStart(pid);
  return now !== 'gone' && (now === undefined || typeof start !== 'string' || now === start);
}
