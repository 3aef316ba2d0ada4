import type { z } from 'zod';
import { isObject, type JsonObject, type JsonValue } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { nearest } from '../../base/nearest.ts';
import { showText } from '../../base/show.ts';
import type { Finding } from '../findings/finding.ts';
import { parseSampleTime } from '../metrics/samples.ts';
import { parseDuration } from '../schedule/duration.ts';
import { parseSchedule, resolveSchedule } from '../schedule/schedule.ts';
import type { ScheduleConfig } from '../schedule/slots.ts';
import { builtInSections, headFields } from '../snapshots/sections.ts';
import type { RetentionPolicy } from '../versions/retention.ts';
import { readYamlText, type YamlText } from '../yaml/text.ts';
import { isSecretPlace, resolveAlerts } from './alerts.ts';
import { resolveBudgets } from './budgets.ts';
import {
  type BookConfig,
  defaultConfig,
  defaultProbeTimeoutMs,
  type ProbeConfig,
  type Redaction,
} from './defaults.ts';
import { resolveImportMaps } from './import-maps.ts';
import { knownKeys } from './known-keys.ts';
import { resolveRuns } from './run-places.ts';
import { type ConfigInput, configSchema } from './schema.ts';
import { resolveSite } from './site.ts';
import { readSize } from './size.ts';
import { resolveSync } from './sync-settings.ts';
import { resolveTrends } from './trends.ts';

/** The work of parseConfig: everything that is understood is used, everything else is a finding. */
export function readConfigText(text: string, file: string): { config: BookConfig; findings: Finding[] } {
  const yaml = readYamlText(text);
  const findings = yaml.problems.map(
    (problem): Finding => ({
      code: 'bad-config',
      severity: 'warning',
      file,
      ...(problem.line === undefined ? {} : { line: problem.line }),
      expected: 'valid YAML',
      found: showText(problem.message, 160),
      hint: 'Correct this place; what could be read of the rest is used.',
    }),
  );
  if (yaml.value === null) return { config: defaultConfig(), findings };
  if (!isObject(yaml.value)) {
    const found = shown(yaml.value);
    const finding = {
      code: 'bad-config',
      severity: 'error',
      file,
      expected: 'a map of settings',
      found,
    } as const;
    findings.push({ ...finding, hint: 'Write settings as "key: value" lines; see docs/formats.md.' });
    return { config: defaultConfig(), findings };
  }
  const input = keepValid(structuredClone(yaml.value), yaml, file, findings);
  const config = resolveConfig(input, yaml, file, findings);
  return { config, findings: findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** Removes what the schema refuses, one finding at a time, until it accepts the rest. */
function keepValid(value: JsonObject, yaml: YamlText, file: string, findings: Finding[]): ConfigInput {
  const origins: Origins = new WeakMap();
  const emptied = new Set<string>();
  for (let round = 0; round < 300; round++) {
    const result = configSchema.safeParse(value);
    if (result.success) return result.data;
    const issues = flatten(result.error.issues);
    // What is not known is told first: a misspelt key is also a missing one, and the reason for it.
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
    // A part whose content had to go and that cannot be without it goes silently: the reason has been told.
    const place = originalPath(value, path, origins);
    if (!emptied.has(pathText(place))) findings.push(findingOf(issue, path, place, value, yaml, file));
    for (let length = 1; length <= place.length; length++) emptied.add(pathText(place.slice(0, length)));
    remove(value, path, origins);
  }
  return {};
}

/** For lists that lost items: the positions that the remaining ones had in the text. */
type Origins = WeakMap<JsonValue[], number[]>;

function originsOf(list: JsonValue[], origins: Origins): number[] {
  const known = origins.get(list) ?? list.map((_, index) => index);
  origins.set(list, known);
  return known;
}

function originalPath(value: JsonObject, path: readonly PropertyKey[], origins: Origins): PropertyKey[] {
  return path.map((part, index) => {
    const parent = get(value, path.slice(0, index));
    return Array.isArray(parent) ? (originsOf(parent, origins)[Number(part)] ?? part) : part;
  });
}

/** An issue of a union is shown as that of the branch the user was writing: the one that got furthest. */
function flatten(issues: z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const deepest = issue.errors
      .filter(
        (branch) =>
          branch.length > 0 &&
          !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0),
      )
      .sort((a, b) => Math.max(...b.map(depth)) - Math.max(...a.map(depth)))[0];
    if (deepest === undefined) return [issue];
    return flatten(deepest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}

const depth = (issue: z.core.$ZodIssue) => issue.path.length;

function remove(value: JsonObject, path: readonly PropertyKey[], origins: Origins): void {
  const parent = get(value, path.slice(0, -1));
  const name = path.at(-1);
  if (name === undefined) {
    for (const key of Object.keys(value)) delete value[key];
  } else if (Array.isArray(parent)) {
    originsOf(parent, origins).splice(Number(name), 1);
    parent.splice(Number(name), 1);
  } else if (isObject(parent) && Object.hasOwn(parent, name)) delete parent[String(name)];
  else remove(value, path.slice(0, -1), origins); // Something required is missing: the whole that needs it goes.
}

function get(value: JsonValue, path: readonly PropertyKey[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const part of path) {
    if (Array.isArray(current)) current = current[Number(part)];
    else if (isObject(current) && Object.hasOwn(current, part)) current = current[String(part)];
    else return undefined;
  }
  return current;
}

function findingOf(
  issue: z.core.$ZodIssue,
  path: PropertyKey[],
  original: PropertyKey[],
  value: JsonObject,
  yaml: YamlText,
  file: string,
): Finding {
  const line = yaml.lineOf(original);
  const place = { file, ...(line === undefined ? {} : { line }), path: pathText(original) };
  const base = { code: 'bad-config', severity: 'warning', ...place } as const;
  if (issue.code === 'unrecognized_keys') {
    const name = String(path.at(-1));
    const known = knownKeys(path.slice(0, -1));
    const meant = nearest(name, known);
    const hint =
      meant === undefined ? `Remove it, or use one of: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
    return { ...base, expected: 'a setting Daybook knows', found: `"${showText(name)}"`, hint };
  }
  const found = get(value, path);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const meant = typeof found === 'string' ? nearest(found, choices) : undefined;
  return {
    ...base,
    expected: expectedBy(issue),
    found: found === undefined ? 'nothing' : isSecretPlace(path) ? 'another text' : shown(found),
    hint: meant === undefined ? 'Correct the value; it is left out until then.' : `Did you mean "${meant}"?`,
  };
}

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'some text' : `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

function resolveConfig(input: ConfigInput, yaml: YamlText, file: string, findings: Finding[]): BookConfig {
  const defaults = defaultConfig();
  return {
    title: input.title,
    schedule: resolveScheduleInput(input.schedule),
    probes: distinct((input.probes ?? []).map(resolveProbe), yaml, file, findings),
    durability: input.durability ?? defaults.durability,
    actionFiles: input.actionFiles ?? defaults.actionFiles,
    redaction: resolveRedaction(input.redaction),
    mayPublish: typeof input.redaction === 'object' ? (input.redaction.allow ?? []) : [],
    receipts: {
      environment: input.receipts?.environment ?? [],
      dirty: input.receipts?.dirty ?? defaults.receipts.dirty,
    },
    exec: resolveExec(input.exec),
    runs: resolveRuns(input.runs),
    retention: resolveRetention(input.retention),
    archive: resolveArchive(input.archive),
    alerts: resolveAlerts(input.alerts, file, findings),
    trends: resolveTrends(input.trends),
    budgets: resolveBudgets(input.budgets),
    imports: resolveImportMaps(input.imports),
    sync: resolveSync(input.sync),
    site: resolveSite(input.site, defaults.site),
    books: Object.entries(input.books ?? {}).map(([name, folder]) => ({ name, folder })),
  };
}

function resolveRedaction(input: ConfigInput['redaction']): Redaction {
  if (input === 'off' || (typeof input === 'object' && input.mask === 'off')) return 'off';
  return { keys: typeof input === 'object' ? (input.keys ?? []) : [] };
}

function resolveExec(input: ConfigInput['exec']): BookConfig['exec'] {
  const sampleMs = input?.sample === undefined ? undefined : parseSampleTime(input.sample);
  return sampleMs === undefined ? {} : { sampleMs };
}

function resolveRetention(input: ConfigInput['retention']): RetentionPolicy {
  const { count, age, thin } = input ?? {};
  const ageMs = age === undefined ? undefined : parseDuration(age);
  return {
    ...(count === undefined ? {} : { count }),
    ...(ageMs === undefined ? {} : { ageMs }),
    ...(thin === undefined ? {} : { thin }),
  };
}

function resolveArchive(input: ConfigInput['archive']): BookConfig['archive'] {
  const { archive } = defaultConfig();
  const size = input?.by === undefined ? undefined : readSize(input.by);
  const keepMs = input?.keep === undefined ? undefined : parseDuration(input.keep);
  return { by: size ?? archive.by, keepMs: keepMs ?? archive.keepMs };
}

function resolveScheduleInput(input: ConfigInput['schedule']): ScheduleConfig | undefined {
  if (input === undefined) return undefined;
  const parts = typeof input === 'string' ? { every: input } : input;
  const read = parseSchedule(parts.every ?? ('cron' in parts ? (parts.cron ?? '') : ''));
  if ('problem' in read) return undefined;
  const tolerance =
    'tolerance' in parts && parts.tolerance !== undefined ? parseDuration(parts.tolerance) : undefined;
  return resolveSchedule(read.rule, tolerance);
}

function resolveProbe(input: NonNullable<ConfigInput['probes']>[number]): ProbeConfig {
  const timeoutMs =
    (input.timeout === undefined ? undefined : parseDuration(input.timeout)) ?? defaultProbeTimeoutMs;
  const base = { name: input.name, timeoutMs };
  if (input.command !== undefined) return { ...base, kind: 'command', command: input.command, as: input.as };
  if (input.file !== undefined) return { ...base, kind: 'file', file: input.file, as: input.as };
  return { ...base, kind: 'glob', glob: [input.glob ?? []].flat() };
}

/** Sections that every snapshot has; a probe of the user cannot take their names. */
const reservedSections: readonly string[] = [...headFields, ...Object.keys(builtInSections), 'metadata'];

function distinct(probes: ProbeConfig[], yaml: YamlText, file: string, findings: Finding[]): ProbeConfig[] {
  const taken = new Set(reservedSections);
  return probes.filter(({ name }) => {
    if (!taken.has(name)) return taken.add(name);
    const line = yaml.lineOf([
      'probes',
      placeOfProbe(yaml.value, name, reservedSections.includes(name)),
      'name',
    ]);
    findings.push({
      code: 'bad-config',
      severity: 'warning',
      file,
      ...(line === undefined ? {} : { line }),
      path: 'probes',
      expected: 'a section name of its own for every probe',
      found: `"${name}", which is ${reservedSections.includes(name) ? 'a built-in section' : 'used twice'}`,
      hint: 'Give the probe another name; it does not run until then.',
    });
    return false;
  });
}

function placeOfProbe(value: JsonValue, name: string, first: boolean): number {
  const list = isObject(value) && Array.isArray(value.probes) ? value.probes : [];
  const places = list.flatMap((probe, index) => (isObject(probe) && probe.name === name ? [index] : []));
  return (first ? places[0] : places[1]) ?? places[0] ?? 0;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${showText(String(part))}`,
    )
    .join('');
}

function shown(value: JsonValue): string {
  return showText(jsonText(value));
}
