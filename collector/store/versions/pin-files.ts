import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { isObject } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { jsonText } from '../../base/json/text.ts';
import { isSafeId } from '../../base/paths.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { textOfFile } from '../../formats/text/file.ts';
import { VersionNotFoundError } from '../../formats/versions/errors.ts';
import { listNames } from '../layout.ts';
import { readRecorded, whyUnreadable } from '../recorded-file.ts';
import type { Report } from './backend.ts';
import type { VersionPaths } from './version-files.ts';

/** The tags of periodic snapshots: periodic/<id>.json in the store, because the snapshots themselves are not changed. */
export function readPinFiles(paths: VersionPaths, shownAs: string, report: Report): Map<string, string[]> {
  const pins = new Map<string, string[]>();
  for (const name of listNames(paths.pins)) {
    if (!name.endsWith('.json') || name.startsWith('.')) continue;
    const tags = readTags(join(paths.pins, name));
    if (Array.isArray(tags)) pins.set(name.slice(0, -'.json'.length), tags);
    else {
      report({
        code: 'damaged-version',
        severity: 'warning',
        file: `${shownAs}/periodic/${name}`,
        expected: 'the tags of a periodic snapshot',
        found: tags,
        hint: 'Tag the snapshot again; it is not pinned until then.',
      });
    }
  }
  return pins;
}

/** Sets the tags of a periodic snapshot; none takes its file away. */
export function writePinFile(paths: VersionPaths, id: string, tags: readonly string[]): void {
  if (!isSafeId(id)) throw new VersionNotFoundError(`There is no periodic snapshot "${id}".`);
  const path = join(paths.pins, `${id}.json`);
  if (tags.length > 0) {
    writeFileAtomic(path, `${jsonText({ snapshot_id: id, tags }, 2)}\n`);
    return;
  }
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw writeErrorOf(path, error);
  }
}

function readTags(path: string): string[] | string {
  try {
    const { text, remark } = textOfFile(readRecorded(path));
    if (text === undefined) return remark!.found;
    const parsed = parseLenientJson(text);
    const tags = parsed.ok && isObject(parsed.value) ? parsed.value['tags'] : undefined;
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : 'something else';
  } catch (error) {
    return whyUnreadable(path, error);
  }
}
