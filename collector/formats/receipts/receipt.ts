import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { showText } from '../../base/show.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import type { YamlTrouble } from '../yaml/cursor.ts';
import { readPlainYaml } from '../yaml/plain.ts';
import { contentOf, numberOf, objectOf, type Report, textIn, textOf } from './content.ts';
import type { ReceiptRecord } from './record.ts';
import { rerunIn } from './rerun.ts';

/** Where a text stands that should be a receipt. */
export interface ReceiptSource {
  /** Relative to the book, POSIX. */
  file: string;
  bytes: number;
  /** "sha256:…" of the file. */
  digest: string;
}

/** What `schema` says in the receipts that Daybook writes. */
export const receiptSchema = 'daybook/receipt/1';

/**
 * Reads a run.lock of FlexLock (both generations) or of Daybook. Whatever cannot be read is a finding, and the rest is
 * read all the same; without a record the file holds something else or nothing. Never throws.
 */
export function parseReceipt(
  text: string,
  source: ReceiptSource,
): { record?: ReceiptRecord; findings: Finding[] } {
  const findings: Finding[] = [];
  const report: Report = (code, path, expected, found, hint) => {
    if (findings.length >= 40) return;
    const severity = code === 'not-a-receipt' ? 'note' : 'warning';
    findings.push({ code, severity, file: source.file, ...(path && { path }), expected, found, hint });
  };
  if (text.trim() === '') {
    report('empty-file', '', 'a receipt', 'nothing', 'Issue the receipt again, or delete the file.');
    return { findings };
  }
  const { value, troubles } = readPlainYaml(text);
  if (!isReceipt(value)) {
    findings.push(...troubles.slice(0, 1).map((trouble) => troubleFinding(trouble, source.file)));
    if (troubles.length === 0 || !isObject(value)) report('not-a-receipt', '', ...foreign(value, text));
    return { findings };
  }
  findings.push(...troubles.map((trouble) => troubleFinding(trouble, source.file)));
  // Every writer ends the file with a newline; without one the last value may be a part of itself.
  if (!text.endsWith('\n') && !/[}\]]\s*$/.test(text) && troubles.length === 0) {
    report('truncated', '', 'a newline at the end', 'a last line without one', cutHint);
  }
  return { record: recordOf(value, source, report), findings };
}

const cutHint = 'The file may be cut: compare it with a copy, or issue the receipt again.';

const parts = ['config', 'repos', 'data', 'prevs', 'lineage', 'inputs', 'parent', 'schema'];

function isReceipt(value: JsonValue): value is JsonObject {
  return isObject(value) && parts.some((part) => Object.hasOwn(value, part) && isPart(part, value[part]!));
}

function isPart(part: string, value: JsonValue): boolean {
  if (part === 'parent') return typeof value === 'string';
  if (part === 'schema') return typeof value === 'string' && value.startsWith('daybook/receipt');
  return isObject(value);
}

function foreign(value: JsonValue, text: string): [string, string, string] {
  const isPid = typeof value === 'number' && Number.isInteger(value);
  const what = isPid ? `the number ${value}, as in a file that holds a process id` : shown(value, text);
  return [
    `a map with one of ${parts.slice(0, 5).join(', ')}`,
    what,
    'Nothing, if another program uses this name; runs.exclude in daybook.yaml leaves such files out.',
  ];
}

function shown(value: JsonValue, text: string): string {
  if (isObject(value)) return `a map with ${showText(Object.keys(value).slice(0, 5).join(', '), 100)}`;
  return `"${showText(text.trimStart(), 60)}"`;
}

const troubleKinds: Record<YamlTrouble['kind'], { code: FindingCode; expected: string; hint: string }> = {
  broken: {
    code: 'broken-yaml',
    expected: 'YAML as FlexLock and Daybook write it',
    hint: 'The rest was read; mend the line, or issue the receipt again.',
  },
  truncated: { code: 'truncated', expected: 'a whole file', hint: cutHint },
  repeated: {
    code: 'repeated-key',
    expected: 'each key once',
    hint: 'The last one counts; delete the other.',
  },
  unsafe: {
    code: 'unsafe-yaml',
    expected: 'plain values without tags, bounded in depth and aliases',
    hint: 'What the tag stands for was not made; write plain values.',
  },
  cycle: {
    code: 'lineage-cycle',
    expected: 'values that do not contain themselves',
    hint: 'The inner one was left out; issue the receipt of that stage again.',
  },
};

function troubleFinding({ kind, line, message }: YamlTrouble, file: string): Finding {
  const { code, expected, hint } = troubleKinds[kind];
  const severity = kind === 'broken' || kind === 'truncated' ? 'error' : 'warning';
  return { code, severity, file, line, expected, found: message, hint };
}

function recordOf(raw: JsonObject, source: ReceiptSource, report: Report): ReceiptRecord {
  const environment = objectOf(raw, 'environment');
  return {
    file: source.file,
    generation: generationOf(raw),
    bytes: source.bytes,
    digest: source.digest,
    ...contentOf(raw, '', report),
    exitCode: numberOf(environment, 'exit_code'),
    signal: environment && textOf(environment, 'signal'),
    error: environment && textOf(environment, 'error'),
    durationMs: numberOf(environment, 'duration_ms'),
    run: textOf(raw, 'run'),
    rerun: rerunIn(raw),
    caller: raw['caller'],
    raw,
  };
}

function generationOf(raw: JsonObject): ReceiptRecord['generation'] {
  if (isPart('schema', raw['schema'] ?? null)) return 'daybook';
  if (raw['lineage'] !== undefined) return 'current';
  const isFirst =
    raw['prevs'] !== undefined ||
    raw['caller'] !== undefined ||
    Object.values(objectOf(raw, 'repos') ?? {}).some((repo) => textIn(repo) !== undefined);
  return isFirst || raw['timestamp'] === undefined ? 'first' : 'current';
}
