import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import type { Measured, MeasuredRun } from './measured.ts';
import { factOf, finiteIn, membersIn, objectIn, tellForeign, tellPart } from './members.ts';
import type { Report } from './read-json.ts';

const expected = {
  what: 'a summary of k6: {"metrics": {"http_req_duration": {…}}}',
  hint: 'Nothing of it is shown; run k6 again with --summary-export or handleSummary for a whole file.',
};

/** Reads the summary of k6, as --summary-export writes it or handleSummary is given it. A limit that was not kept is a failure. */
export function readK6(text: string, file: string, report: Report): MeasuredRun | undefined {
  const members = membersIn(text, file, expected, report);
  if (members === undefined) return undefined;
  const metrics = members['metrics'];
  if (!isObject(metrics) || !Object.values(metrics).some(isObject)) {
    tellForeign(file, expected.what, text, report);
    return undefined;
  }
  const all = Object.entries(metrics);
  const failed = all.flatMap(([name, metric]) => (isObject(metric) ? failedLimits(name, metric) : []));
  return {
    status: failed.length > 0 ? 'failed' : 'completed',
    durationMs: finiteIn(objectIn(members, 'state'), 'testRunDurationMs'),
    error: failed.length > 0 ? `limits that were not kept: ${failed.join(', ')}`.slice(0, 500) : undefined,
    values: all.flatMap(([name, metric]) => valuesIn(name, metric, file, report)),
    facts: factOf('Limits not kept', failed.join(', ').slice(0, 1000)),
  };
}

function valuesIn(name: string, metric: JsonValue, file: string, report: Report): Measured[] {
  if (!isObject(metric)) {
    tellPart(file, `values of the metric "${name}"`, metric, report);
    return [];
  }
  const values = isObject(metric['values']) ? metric['values'] : metric;
  const value = (of: string, as: string, more: Partial<Measured>): Measured[] => {
    const found = finiteIn(values, of);
    return found === undefined ? [] : [{ name: as, value: found, ...more }];
  };
  const plain = plainName(name);
  if (values['passes'] !== undefined) {
    const better = plain === 'checks' ? 'max' : plain === 'http_req_failed' ? 'min' : undefined;
    return values['rate'] === undefined ? value('value', name, { better }) : value('rate', name, { better });
  }
  if (values['count'] !== undefined) {
    const better = plain === 'http_reqs' || plain === 'iterations' ? 'max' : undefined;
    return [...value('count', name, {}), ...value('rate', `${name} rate`, { unit: '/s', better })];
  }
  if (values['avg'] === undefined && values['med'] === undefined) return value('value', name, {});
  const isTime =
    metric['contains'] === 'time' ||
    /_(?:duration|blocked|connecting|handshaking|receiving|sending|waiting)$/.test(plain);
  const more: Partial<Measured> = isTime ? { unit: 'ms', better: 'min' } : {};
  return ['avg', 'med', ...Object.keys(values).filter((each) => each.startsWith('p('))].flatMap((each) =>
    value(each, `${name} ${each}`, more),
  );
}

/** Without the tags of a part: "http_req_duration{expected_response:true}". */
function plainName(name: string): string {
  return name.replace(/\{.*$/, '');
}

/** In a summary that is exported, "true" says that a limit was crossed; handleSummary has {"ok": false} for that. */
function failedLimits(name: string, metric: JsonObject): string[] {
  return Object.entries(objectIn(metric, 'thresholds'))
    .filter(([, state]) => (isObject(state) ? state['ok'] === false : state === true))
    .map(([limit]) => `${name} ${limit}`);
}
