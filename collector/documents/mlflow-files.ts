import { jsonText } from '../base/json/text.ts';
import type { DisplayStatus } from '../formats/actions/status.ts';
import type { MetricSeries } from '../formats/metrics/series.ts';
import { timeAt } from '../formats/metrics/series.ts';
import { type RunFacts, startOf } from './facts.ts';
import { hexOf } from './identity.ts';

/** Numbers of MLflow's RunStatus. */
const statusNumbers: Record<DisplayStatus, number> = {
  running: 1,
  pending: 2,
  completed: 3,
  unknown: 3,
  failed: 4,
  aborted: 5,
};
/** What MLflow takes of a parameter or a tag. */
const mostParam = 6000;
const mostTag = 8000;

/** The id of an experiment: digits alone, as MLflow's own. */
export function experimentId(book: string, name: string): string {
  return String(BigInt(`0x${hexOf(`${book}\n${name}`, 14)}`) + 100_000_000_000_000_000n);
}

/** What MLflow calls the experiment that a run belongs to. */
export const experimentName = ({ run, book }: RunFacts) => run.identifier || book;

/** The meta.yaml of an experiment. */
export function experimentMeta(id: string, name: string, atUs: number): string {
  const ms = Math.floor(atUs / 1000);
  return yamlOf({
    artifact_location: `mlruns/${id}`,
    creation_time: ms,
    experiment_id: id,
    last_update_time: ms,
    lifecycle_stage: 'active',
    name,
  });
}

/** The id of a run: 32 hex digits, the same in every export. */
export const mlflowRunId = ({ run, book }: RunFacts) => hexOf(`${book}\n${run.key}`, 32);

/** The files of a run in the folder of its experiment, by their paths in the folder of the run. */
export function mlflowRunFiles(
  facts: RunFacts,
  series: readonly MetricSeries[],
  experiment: string,
): Map<string, string> {
  const files = new Map([['meta.yaml', runMeta(facts, experiment)]]);
  const taken = new TakenNames();
  const add = (folder: string, name: string, text: string) =>
    files.set(freeName(folder, nameFor(name), taken), text);
  for (const [name, value] of Object.entries(facts.run.params))
    add('params', name, cut(String(value), mostParam));
  for (const [name, value] of tagsOf(facts)) add('tags', name, cut(value, mostTag));
  const atMs = Math.floor((facts.run.endedAtUs ?? startOf(facts) ?? 0) / 1000);
  const known = new Set(series.map(({ name }) => name));
  for (const each of series) add('metrics', each.name, pointLines(each, atMs));
  for (const [name, value] of Object.entries(facts.run.metrics))
    if (!known.has(name)) add('metrics', name, `${atMs} ${numberText(value)} 0\n`);
  return files;
}

function runMeta(facts: RunFacts, experiment: string): string {
  const { run } = facts;
  const ms = (us: number | undefined) => (us === undefined ? null : Math.floor(us / 1000));
  const id = mlflowRunId(facts);
  return yamlOf({
    artifact_uri: `mlruns/${experiment}/${id}/artifacts`,
    end_time: ms(run.endedAtUs),
    entry_point_name: '',
    experiment_id: experiment,
    lifecycle_stage: 'active',
    run_id: id,
    run_name: run.name,
    run_uuid: id,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: ms(startOf(facts)),
    status: statusNumbers[run.status],
    user_id: '',
  });
}

function tagsOf({ run, code, command }: RunFacts): [name: string, value: string][] {
  const tags: [string, string | undefined][] = [
    ['mlflow.runName', run.name],
    ['mlflow.note.content', run.description],
    ['mlflow.source.git.commit', code[0]?.commit],
    ['mlflow.source.name', command?.join(' ')],
    ['daybook.key', run.key],
    ['daybook.status', run.statusWord],
    ['daybook.error', run.error],
    ...run.tags.map((tag): [string, string] => [`daybook.tag.${tag}`, 'true']),
  ];
  return tags.filter((tag): tag is [string, string] => tag[1] !== undefined);
}

function pointLines(series: MetricSeries, atMs: number): string {
  const lines: string[] = [];
  for (let at = 0; at < series.values.length; at += 1) {
    const us = timeAt(series, at);
    const step = series.steps[at]!;
    const whole = Number.isSafeInteger(step) ? step : at;
    lines.push(
      `${us === undefined ? atMs : Math.floor(us / 1000)} ${numberText(series.values[at]!)} ${whole}\n`,
    );
  }
  return lines.join('');
}

/** Numbers as Python reads them. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

/** Names of MLflow have letters, digits, "_", "-", ".", " ", ":" and "/", and lead to no other folder. */
function nameFor(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}_\-. :/]/gu, '_').slice(0, 250);
  const parts = plain.split('/').map((part) => shortened(/^\.*$/.test(part) ? `_${part}` : part));
  return parts.join('/');
}

/** Names of files have at most 255 bytes on most disks, and one that is taken gets a number behind it. */
function shortened(part: string): string {
  const bytes = Buffer.from(part);
  return bytes.length <= 200 ? part : bytes.toString('utf8', 0, 200).replace(/\uFFFD+$/, '');
}

/**
 * Two names that MLflow writes alike are told apart, and so are a file and a folder of one name: neither takes the place of the
 * other.
 */
function freeName(folder: string, name: string, taken: TakenNames): string {
  let free = `${folder}/${name}`;
  for (let count = 2; !taken.take(free); count += 1) free = `${folder}/${name.replaceAll('/', '_')}_${count}`;
  return free;
}

/** Paths of files and of the folders that they lie in. */
class TakenNames {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** Takes a path for a file; false where it is taken, or a file lies where it wants a folder. */
  take(path: string): boolean {
    const above = foldersAbove(path);
    if (this.#files.has(path) || this.#folders.has(path) || above.some((folder) => this.#files.has(folder)))
      return false;
    this.#files.add(path);
    for (const folder of above) this.#folders.add(folder);
    return true;
  }
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

const cut = (text: string, most: number) => (text.length <= most ? text : text.slice(0, most));

/** JSON is YAML, and keeps every text what it is. */
function yamlOf(members: Record<string, string | number | null>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}: ${jsonText(value)}\n`)
    .join('');
}
