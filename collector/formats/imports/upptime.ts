import { isObject, type JsonObject } from '../../base/json/json.ts';
import type { Imported, ImportKind, NotImported } from './imported.ts';
import { textIn, timeUs } from './values.ts';

/** What Upptime keeps of a site in history/<site>.yml, and its versions over time, one a line. */
export const upptimeHistory: ImportKind = {
  name: 'upptime',
  about: "checks of sites, from Upptime's history/*.yml",
  recognises: (value) => isCheck(contentOf(value)),
  *read(value) {
    yield checkOf(contentOf(value), textIn(value['path']));
  },
};

/** A version over time has the content beside what git knows of it. */
function contentOf(value: JsonObject): JsonObject {
  return isObject(value['content']) ? value['content'] : value;
}

function isCheck(value: JsonObject): boolean {
  return 'url' in value && 'responseTime' in value && ('lastUpdated' in value || 'startTime' in value);
}

function checkOf(check: JsonObject, path: string | undefined): Imported | NotImported {
  const url = textIn(check['url']);
  const atUs = timeUs(check['lastUpdated']) ?? timeUs(check['startTime']);
  if (atUs === undefined || url === undefined)
    return { expected: 'a check with url and lastUpdated', found: path ?? url ?? 'neither' };
  const isUp = check['status'] === 'up';
  const code = textIn(check['code']);
  return {
    key: `${url} ${atUs}`,
    atUs,
    type: 'uptime check',
    status: isUp ? 'completed' : check['status'] === 'degraded' ? 'completed' : 'failed',
    error:
      check['status'] === 'down'
        ? `down${code === undefined || code === '0' ? '' : `, HTTP ${code}`}`
        : undefined,
    details: {
      site: url,
      status: check['status'] ?? null,
      code: check['code'] ?? null,
      response_ms: check['responseTime'] ?? null,
    },
  };
}
