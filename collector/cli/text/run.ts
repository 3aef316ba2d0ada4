import { formatDuration } from '../../base/format/duration.ts';
import { formatBytes } from '../../base/format/number.ts';
import { formatTime } from '../../base/format/time.ts';
import { plural } from '../../base/format/words.ts';
import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { visibleBlock, visibleText } from '../../base/terminal.ts';
import type { RunArtifact, RunRecord } from '../../runs/record.ts';
import { earlierPoints, resumeNote } from '../../runs/resumes.ts';
import { sourceWord } from '../../runs/source-words.ts';
import type { Output, Palette } from '../output.ts';
import { formatTree } from './tree.ts';
import { formatNumber, formatStatus, paintStatus } from './values.ts';

/** One run whole, for reading. */
export function formatRun(run: RunRecord, out: Output): string[] {
  const { palette } = out;
  const width = out.width ?? 100;
  const block = (title: string, value: JsonValue) => {
    const lines = formatTree(value, palette, width, '  ');
    return lines.length === 0 || isEmpty(value) ? [] : ['', palette.strong(title), ...lines];
  };
  return [
    ...headOf(run, palette),
    ...block('status', historyOf(run)),
    ...block('metrics', metricsOf(run)),
    ...block('parameters', { ...run.params }),
    ...block('made from', parentsOf(run)),
    ...block('code', codeOf(run)),
    ...block('where it came from', originOf(run)),
    ...block('data', { ...run.receipt?.data }),
    ...block('environment', run.receipt?.environment ?? {}),
    ...block('artifacts', artifactsOf(run)),
    ...block('files', filesOf(run)),
  ];
}

function headOf(run: RunRecord, palette: Palette): string[] {
  const {
    key,
    name,
    status,
    statusWord,
    statusFrom,
    stale,
    atUs,
    zoneless,
    durationMs,
    tags,
    description,
    error,
    series,
  } = run;
  const shown = formatStatus(status, statusFrom === 'none' ? statusWord : status);
  const word =
    statusWord !== status && statusFrom !== 'none'
      ? ` ("${visibleText(statusWord)}" in the ${sourceWord(statusFrom)})`
      : '';
  const duration = durationMs === undefined ? '' : `, took ${formatDuration(durationMs)}`;
  const time = `${formatTime(atUs)}${atUs === undefined ? '' : ' UTC'}${zoneless ? ' (no zone is named)' : ''}${duration}`;
  const lines = [
    `${palette.strong(visibleText(key))}  ${paintStatus(status, palette)(shown)}${palette.faint(word)}`,
    palette.faint(time),
  ];
  if (!key.endsWith(name)) lines.splice(1, 0, visibleText(name));
  if (stale !== undefined)
    lines.push(palette.warning(`stale since ${formatTime(stale.sinceUs)} UTC: ${visibleText(stale.why)}`));
  const note = resumeNote(series);
  if (note !== undefined)
    lines.push(
      palette.faint(`${note}: ${earlierPoints(series)} earlier points are set aside and stay in the file`),
    );
  lines.push(...rerunLines(run, palette));
  if (tags.length > 0) lines.push(`${palette.faint('tags')} ${visibleText(tags.join(', '))}`);
  if (description !== undefined) lines.push(visibleBlock(description));
  if (error !== undefined) lines.push(`${palette.bad('error')} ${visibleBlock(error)}`);
  return lines;
}

/** What it repeats, and what repeats it. */
function rerunLines({ receipt, reruns }: RunRecord, palette: Palette): string[] {
  const lines: string[] = [];
  const paint = (word: string | undefined) => (word === 'different' ? palette.bad : palette.faint);
  if (receipt?.rerun !== undefined) {
    const { of, verdict, reasons } = receipt.rerun;
    const told = visibleText(`repeats ${of}: ${verdict ?? 'no verdict'}`);
    lines.push(`${paint(verdict)(told)} ${palette.faint(reasons.slice(0, 3).map(visibleText).join(' '))}`);
  }
  if (reruns !== undefined) {
    const few = reruns.slice(0, 5).map(({ key, verdict }) => `${key} ${verdict ?? 'no verdict'}`);
    const rest = reruns.length > few.length ? ` and ${reruns.length - few.length} more` : '';
    const worst = reruns.some(({ verdict }) => verdict === 'different') ? 'different' : undefined;
    const told = visibleText(`repeated ${plural(reruns.length, 'time')}: ${few.join(', ')}${rest}`);
    lines.push(paint(worst)(told));
  }
  return lines;
}

function historyOf({ history }: RunRecord): JsonObject {
  return Object.fromEntries(
    history.map(({ atUs, word }, index) => [`${index + 1} ${word}`, formatTime(atUs)]),
  );
}

function metricsOf({ metrics, series }: RunRecord): JsonObject {
  const counts = new Map(series.map(({ name, count }) => [name, count]));
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => {
      const count = counts.get(name);
      return [name, `${formatNumber(value)}${count === undefined ? '' : ` (${count} points)`}`];
    }),
  );
}

function parentsOf({ parents }: RunRecord): JsonObject {
  return Object.fromEntries(
    parents.map(({ key, name, kind, path }) => [
      name,
      `${kind} ${key ?? `${path ?? name} (not in this book)`}`,
    ]),
  );
}

function codeOf({ receipt }: RunRecord): JsonObject {
  return Object.fromEntries(
    Object.entries(receipt?.repos ?? {}).map(([name, { commit, tree, isDirty, path }]) => {
      const facts: JsonObject = {};
      if (path !== undefined) facts['path'] = path;
      if (commit !== undefined) facts['commit'] = commit;
      if (tree !== undefined) facts['tree'] = tree;
      if (isDirty !== undefined) facts['changed'] = isDirty;
      return [name, facts];
    }),
  );
}

function originOf({ origin }: RunRecord): JsonObject {
  const { commit, facts = [] } = origin ?? {};
  return { ...(commit === undefined ? {} : { commit }), ...Object.fromEntries(facts) };
}

function artifactsOf({ artifacts }: RunRecord): JsonObject {
  return Object.fromEntries(
    artifacts.map(({ id, type, path, file, kind, bytes, description, tags }) => {
      const facts = [type, file ?? elsewhere(path, kind)];
      if (bytes !== undefined) facts.push(formatBytes(bytes));
      if (tags.length > 0) facts.push(`[${tags.join(', ')}]`);
      if (description !== undefined) facts.push(description);
      return [id, facts.join('  ')];
    }),
  );
}

function elsewhere(path: string | undefined, kind: RunArtifact['kind']): string {
  if (path === undefined) return 'no path';
  return kind === 'address'
    ? path
    : kind === 'folder'
      ? `${path.replace(/\/+$/, '')}/`
      : `${path} (not here)`;
}

function filesOf({ files }: RunRecord): JsonObject {
  const byKind: JsonObject = {};
  for (const { kind, path } of files) {
    const count = files.filter((other) => other.kind === kind).length;
    byKind[count === 1 ? kind : `${kind} ${Object.keys(byKind).length + 1}`] = path;
  }
  return byKind;
}

function isEmpty(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
