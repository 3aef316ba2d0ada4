import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import type { Imported, ImportKind, NotImported } from './imported.ts';
import { objectsIn, textIn, timeUs } from './values.ts';

/** Traces as OpenTelemetry's JSON: an export request, a document or one a line. */
export const otlpTraces: ImportKind = {
  name: 'otlp',
  about: "traces as OpenTelemetry's JSON, each span an action",
  recognises: (value) => objectsIn(value['resourceSpans']).some((each) => 'scopeSpans' in each),
  *read(value) {
    for (const resource of objectsIn(value['resourceSpans'])) {
      const about = isObject(resource['resource']) ? attributesOf(resource['resource']['attributes']) : {};
      for (const scope of objectsIn(resource['scopeSpans']))
        for (const span of objectsIn(scope['spans'])) yield spanOf(span, about);
    }
  },
};

function spanOf(span: JsonObject, resource: JsonObject): Imported | NotImported {
  const startedAtUs = timeUs(span['startTimeUnixNano']);
  const [trace, id] = [textIn(span['traceId']), textIn(span['spanId'])];
  if (startedAtUs === undefined || id === undefined)
    return {
      expected: 'a span with spanId and startTimeUnixNano',
      found: `span ${id ?? textIn(span['name']) ?? ''}`,
    };
  const endedAtUs = timeUs(span['endTimeUnixNano']);
  const status = isObject(span['status']) ? span['status'] : {};
  const isError = status['code'] === 2 || status['code'] === 'STATUS_CODE_ERROR';
  return {
    key: `${trace}/${id}`,
    atUs: endedAtUs ?? startedAtUs,
    type: textIn(span['name']) ?? 'span',
    status: isError ? 'failed' : endedAtUs === undefined ? 'running' : 'completed',
    startedAtUs,
    endedAtUs,
    error: isError ? textIn(status['message']) : undefined,
    host: textIn(resource['host.name']),
    details: {
      trace: trace ?? null,
      span: id,
      ...(textIn(span['parentSpanId']) !== undefined && { parent: span['parentSpanId']! }),
      ...(textIn(resource['service.name']) !== undefined && { service: resource['service.name']! }),
      attributes: attributesOf(span['attributes']),
    },
  };
}

function attributesOf(value: JsonValue | undefined): JsonObject {
  const pairs = objectsIn(value).map(({ key, value: each }): [string, JsonValue] => [
    String(key),
    plain(each),
  ]);
  return Object.fromEntries(pairs);
}

/** The value within OpenTelemetry's wrapping: {"stringValue": "a"} is "a". */
function plain(value: JsonValue | undefined): JsonValue {
  if (!isObject(value)) return value ?? null;
  const [[kind, inner] = []] = Object.entries(value);
  if (kind === 'arrayValue' && isObject(inner)) return objectsIn(inner['values']).map(plain);
  if (kind === 'kvlistValue' && isObject(inner)) return attributesOf(inner['values']);
  return inner ?? null;
}
