import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { plural } from '../../base/format/words.ts';
import { hasMembers, isObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { maskingFor } from '../../store/book-masking.ts';
import { linesMissing } from '../../store/log-merge.ts';
import { readWriteSettings } from '../../store/write-settings.ts';
import { kindOf } from './book-files.ts';
import type { SyncPlace } from './place.ts';
import type { SecretsRefused } from './rejections.ts';

/**
 * Takes out of records that were not published yet what the remote's secret scanning refused, where our own rules find it, too:
 * lines of other writers, or of a time when nothing was masked, hold what Daybook would have masked. Gives what a person should
 * know, or undefined where nothing was found and trying again is no use. Nothing is touched in a book with `redaction: off`.
 */
export async function maskRefused(
  root: string,
  place: SyncPlace,
  { message, secrets }: SecretsRefused,
  onto: string | undefined,
): Promise<string | undefined> {
  const { redaction } = await readWriteSettings(root);
  if (redaction === 'off') return undefined;
  const masking = maskingFor(redaction);
  const { redact } = await import('../redact/redact.ts');
  const named = secrets.flatMap(({ places }) => places.map((each) => each.replace(/:\d+$/, '')));
  const done = new Set<string>();
  for (const path of new Set(named)) {
    for (const { id, value } of await recordsIn(place, path, onto)) {
      for (const at of changedPlaces(value, masking.values(value))) {
        const isTaken = await redact(root, id, at, systemClock).then(
          () => true,
          () => false,
        );
        if (isTaken) done.add(id);
      }
    }
  }
  if (done.size === 0) return undefined;
  const which = [...done].slice(0, 3).join(', ');
  return `${message} It was taken out of ${plural(done.size, 'record')} (${which}${done.size > 3 ? ', …' : ''}), and the push was tried again. The server has seen it: make it worthless where it was issued.`;
}

/** Records of a file that are not on the branch yet. */
async function recordsIn(
  place: SyncPlace,
  path: string,
  onto: string | undefined,
): Promise<{ id: string; value: JsonValue }[]> {
  const kind = kindOf(place, path);
  if (kind !== 'log' && kind !== 'record') return [];
  const bytes = readOrNothing(join(place.top, path));
  const their = (await place.objects.tree(onto)).get(path);
  if (kind === 'record') {
    const parsed = parseLenientJson(bytes.toString('utf8'));
    return parsed.ok && their === undefined ? [{ id: basename(path, '.json'), value: parsed.value }] : [];
  }
  const [known = Buffer.alloc(0)] = await place.objects.blobs(their === undefined ? [] : [their.oid]);
  const lines = linesMissing(known, bytes).toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const parsed = line === '' ? undefined : parseLenientJson(line);
    if (parsed?.ok !== true || !isObject(parsed.value)) return [];
    const id = parsed.value['snapshot_id'];
    return typeof id === 'string' ? [{ id, value: parsed.value }] : [];
  });
}

function readOrNothing(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Where two values of one shape differ, as `daybook redact` takes it: "details.note". */
function changedPlaces(before: JsonValue, after: JsonValue, at = ''): string[] {
  if (before === after) return [];
  if (!hasMembers(before) || !hasMembers(after)) return at === '' ? [] : [at];
  const [from, to] = [before, after] as [Record<string, JsonValue>, Record<string, JsonValue>];
  return Object.keys(from).flatMap((name) => {
    const place = Array.isArray(before) ? `${at}[${name}]` : at === '' ? name : `${at}.${name}`;
    return changedPlaces(from[name]!, to[name]!, place);
  });
}
