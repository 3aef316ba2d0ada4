import { notRecorded } from '../formats/actions/status.ts';
import type { RunField } from './field.ts';
import type { RunRecord, Scalar } from './record.ts';

/**
 * The fields of a run, in the order in which they are documented. One entry here is all that conditions, columns and orders
 * need, --json, the data files, the tables, charts and facets of the pages, and runs side by side.
 */
export const runFields: readonly RunField[] = [
  {
    id: 'status',
    aliases: [],
    label: 'Status',
    type: 'text',
    meaning: "how it stands; conditions also take the file's own word",
    of: (run) => run.status,
    shown: (run) => (isStale(run) ? 'stale' : run.statusWord === notRecorded ? notRecorded : run.status),
    texts: (run) => [run.status, run.statusWord],
    column: { name: 'status' },
    axis: true,
    facet: true,
    compare: 'Outcome',
  },
  {
    id: 'started',
    aliases: [],
    label: 'Started',
    unit: 'UTC',
    type: 'time',
    meaning: 'when it began, else the first time that is known of it; `started = 2025-07` is all of July',
    of: (run) => run.startedAtUs ?? run.atUs,
    whole: (run) => run.startedAtUs,
    column: { name: 'started' },
    json: 'started_at',
    axis: true,
    compare: 'Outcome',
  },
  {
    id: 'duration',
    aliases: ['took'],
    label: 'Duration',
    type: 'duration',
    meaning: 'how long it took; a number alone is seconds, else `10min`, `1.5 h`',
    of: (run) => run.durationMs,
    column: { name: 'duration_ms' },
    axis: true,
    compare: 'Outcome',
  },
  {
    id: 'identifier',
    aliases: [],
    label: 'Identifier',
    type: 'text',
    meaning: "what groups runs: the ledger's identifier, the experiment of another program, else the folder",
    of: (run) => run.identifier,
    isExact: true,
    column: { name: 'identifier' },
    axis: true,
    facet: true,
  },
  {
    id: 'tags',
    aliases: ['tag'],
    label: 'Tags',
    type: 'text',
    meaning: 'its tags; a condition holds where one of them fits',
    of: (run) => (run.tags.length === 0 ? undefined : run.tags.join(', ')),
    whole: (run) => [...run.tags],
    texts: (run) => run.tags,
    column: { name: 'tags' },
    facet: true,
    compare: 'Outcome',
  },
  {
    id: 'name',
    aliases: [],
    label: 'Run',
    type: 'text',
    meaning: 'what it was called, else the last part of the key',
    of: (run) => run.name,
    isExact: true,
    column: { name: 'name' },
  },
  {
    id: 'key',
    aliases: [],
    label: 'Key',
    type: 'text',
    meaning: 'what is unique in the book',
    of: (run) => run.key,
    isExact: true,
    column: { name: 'key' },
  },
  {
    id: 'stale',
    aliases: [],
    label: 'Stale',
    type: 'boolean',
    meaning: 'whether it says "running" and shows no sign of life',
    of: isStale,
  },
  {
    id: 'reason',
    aliases: ['error'],
    label: 'Reason',
    type: 'text',
    meaning: 'why it did not end well',
    from: (run) => run.error?.split('\n', 1)[0],
    whole: (run) => run.error,
    isExact: true,
    column: { name: 'error' },
    compare: 'Outcome',
  },
  {
    id: 'ended',
    aliases: [],
    givesWay: true,
    label: 'Ended',
    unit: 'UTC',
    type: 'time',
    meaning: 'when it ended',
    from: (run) => run.endedAtUs,
    column: { name: 'ended' },
    json: 'ended_at',
    axis: true,
  },
  {
    id: 'description',
    aliases: [],
    givesWay: true,
    label: 'Description',
    type: 'text',
    meaning: 'what was said about it',
    from: (run) => run.description || undefined,
    whole: (run) => run.description,
    isExact: true,
    column: { name: 'description' },
  },
  {
    id: 'artifacts',
    aliases: [],
    givesWay: true,
    label: 'Artifacts',
    type: 'number',
    meaning: 'how many files it produced or used',
    from: (run) => run.artifacts.length,
    column: { name: 'artifacts', type: 'INTEGER' },
    axis: true,
  },
  {
    id: 'series',
    aliases: [],
    givesWay: true,
    label: 'Series',
    type: 'number',
    meaning: 'how many metrics have a history',
    from: (run) => run.series.length,
    column: { name: 'series', type: 'INTEGER' },
    axis: true,
  },
  {
    id: 'commit',
    aliases: [],
    givesWay: true,
    label: 'Commit',
    type: 'text',
    meaning: 'the commit it ran from; where only a shadow commit of the work tree is recorded, that one',
    from: commitOf,
    isExact: true,
    column: { name: 'commit' },
    compare: 'Code',
  },
  {
    id: 'rerun',
    aliases: [],
    givesWay: true,
    label: 'Rerun',
    type: 'text',
    meaning:
      'of a run that repeats another one (`daybook rerun`): "same", "within tolerance", "different" or "inconclusive"',
    from: (run) => run.receipt?.rerun?.verdict,
    isExact: true,
    column: { name: 'rerun' },
    compare: 'Outcome',
  },
];

/** The words of all fields, without aliases. */
export const runFieldIds: readonly string[] = runFields.map(({ id }) => id);

/** The key of a field in --json. */
export function jsonKeyOf({ json, column, id }: RunField): string {
  return json ?? column?.name ?? id;
}

const byWord = new Map(
  runFields.flatMap((field) => [field.id, ...field.aliases].map((word) => [word, field])),
);

/**
 * The field that a word means; undefined where it means none. An alias leaves its word to a parameter or metric of that
 * name (many runs record an `error`), but for `tag`, which has always been the field; and so does a field that came later.
 */
export function runFieldNamed(
  word: string,
  isRecorded: (name: string) => boolean = () => false,
): RunField | undefined {
  const field = byWord.get(word);
  if (field === undefined) return undefined;
  const givesWay = field.givesWay === true || (field.id !== word && word !== 'tag');
  return givesWay && isRecorded(word) ? undefined : field;
}

/** Fields that only whole records know, by their ids: what lists keep of a run; `whole` with nothing left out. */
export function moreOf(run: RunRecord, whole = false): Record<string, Scalar> {
  const more: Record<string, Scalar> = {};
  for (const field of runFields) {
    if (field.from === undefined) continue;
    const value = whole && field.whole !== undefined ? field.whole(run) : field.from(run);
    if (value !== undefined) more[field.id] = value;
  }
  return more;
}

/** The commit that a run ran from, as far as anyone says. */
export function commitOf({ receipt, experiment, origin }: RunRecord): string | undefined {
  const repositories = Object.values(receipt?.repos ?? {});
  const recorded = experiment?.['git_commit'];
  const head = repositories.find((repository) => repository.head !== undefined)?.head;
  return (
    head ??
    (typeof recorded === 'string' && recorded !== '' ? recorded : undefined) ??
    origin?.commit ??
    repositories.find((repository) => repository.commit !== undefined)?.commit
  );
}

function isStale({ stale }: { stale?: unknown }): boolean {
  return stale !== undefined && stale !== null && stale !== false;
}
