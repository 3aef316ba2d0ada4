import { isObject, type JsonObject } from '../../base/json/json.ts';
import { parseTime } from '../../base/time.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import { factOf, finiteIn, membersIn, objectIn, tellForeign, textIn } from './members.ts';
import type { Report } from './read-json.ts';

const expected = {
  what: 'a report of Lighthouse: {"lighthouseVersion", "fetchTime", "categories", "audits"}',
  hint: 'Nothing of it is shown; run Lighthouse again with --output=json for a whole file.',
};
const units: Readonly<Record<string, string | undefined>> = {
  millisecond: 'ms',
  second: 's',
  byte: 'bytes',
  unitless: undefined,
};

/** Reads a report of Lighthouse: the score of each category, and each audit that is a number. */
export function readLighthouse(text: string, file: string, report: Report): MeasuredRun | undefined {
  const members = membersIn(text, file, expected, report);
  if (members === undefined) return undefined;
  if (textIn(members, 'lighthouseVersion') === undefined || !isObject(members['audits'])) {
    tellForeign(file, expected.what, text, report);
    return undefined;
  }
  const url =
    textIn(members, 'finalDisplayedUrl') ?? textIn(members, 'finalUrl') ?? textIn(members, 'requestedUrl');
  const settings = objectIn(members, 'configSettings');
  const form = textIn(settings, 'formFactor') ?? textIn(settings, 'emulatedFormFactor');
  const time = parseTime(textIn(members, 'fetchTime') ?? '');
  const trouble = objectIn(members, 'runtimeError');
  const isFailed = textIn(trouble, 'code') !== undefined && trouble['code'] !== 'NO_ERROR';
  return {
    group: url === undefined ? undefined : form === undefined ? url : `${url} (${form})`,
    status: isFailed ? 'failed' : 'completed',
    startedAtUs: time?.us,
    zoneless: time?.zoneless,
    durationMs: finiteIn(objectIn(members, 'timing'), 'total'),
    error: isFailed ? (textIn(trouble, 'message') ?? textIn(trouble, 'code')) : undefined,
    values: [...scoresIn(objectIn(members, 'categories')), ...auditsIn(members['audits'])],
    facts: [
      ...factOf('Page', url),
      ...factOf('Device', form),
      ...factOf('Lighthouse', textIn(members, 'lighthouseVersion')),
      ...factOf('Browser', textIn(objectIn(members, 'environment'), 'hostUserAgent')),
    ],
  };
}

function scoresIn(categories: JsonObject): Measured[] {
  return Object.entries(categories).flatMap(([id, category]) => {
    const value = isObject(category) ? finiteIn(category, 'score') : undefined;
    return value === undefined ? [] : [{ name: `${id} score`, value, better: 'max' as const }];
  });
}

/** Of every audit that is scored by a number, less is better; others only describe the page. */
function auditsIn(audits: JsonObject): Measured[] {
  return Object.entries(audits).flatMap(([id, audit]) => {
    if (!isObject(audit) || audit['scoreDisplayMode'] !== 'numeric') return [];
    const value = finiteIn(audit, 'numericValue');
    if (value === undefined) return [];
    const unit = textIn(audit, 'numericUnit') ?? 'unitless';
    const shown = Object.hasOwn(units, unit) ? units[unit] : unit;
    return [{ name: id, unit: shown, value, better: 'min' as const }];
  });
}
