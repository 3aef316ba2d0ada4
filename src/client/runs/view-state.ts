import type { AxisRange } from '../../charts/axis-scale.ts';
import { jsonText, parsePlainJson } from '../../data/browser.ts';
import { runFacets } from '../../data/runs/facets.ts';
import { columnIdOf } from '../../data/runs/table-columns.ts';
import { addressParameters } from '../actions/view-state.ts';

/** What the page of runs shows, as its address says it. */
export interface RunViewState {
  /** The chosen values by the name of the facet. */
  facets: Map<string, string[]>;
  /** The condition as it was written. */
  where: string;
  /** Id of the column, with "-" before it where the highest comes first; "" is newest first. */
  sort: string;
  /** Whether an order by a metric has failed runs among the others. */
  withFailed: boolean;
  /** Ids of the columns that runs are gathered by; none shows each run for itself. */
  group: string[];
  /** Ids of the groups whose runs are shown. */
  open: string[];
  /** Ids of the shown columns in their order; undefined shows what differs. */
  columns: string[] | undefined;
  /** Ids of the axes of the parallel coordinates; undefined as published. */
  axes: string[] | undefined;
  x: string | undefined;
  y: string | undefined;
  colour: string | undefined;
  /** Ids of axes whose scale was chosen: logarithmic or not. */
  log: Map<string, boolean>;
  brushes: Map<string, AxisRange>;
  /** Slugs of the runs chosen for comparison. */
  picked: string[];
}

/** A state that asks nothing. */
export function noRunState(): RunViewState {
  return parseRunViewState('', '');
}

/** Reads the state from an address; what it does not understand is left out. */
export function parseRunViewState(search: string, hash: string): RunViewState {
  const given = addressParameters(search, hash);
  const list = (name: string) =>
    given.has(name) ? given.getAll(name).filter((one) => one !== '') : undefined;
  const one = (name: string) => {
    const id = given.get(name);
    return id === null ? undefined : columnIdOf(id);
  };
  return {
    facets: new Map(
      runFacets.map(({ name, aliases }) => [
        name,
        [...new Set([name, ...aliases].flatMap((word) => given.getAll(word)))],
      ]),
    ),
    where: given.get('where') ?? '',
    sort: (given.get('sort') ?? '').replace(/[^-].*/s, columnIdOf),
    withFailed: given.get('failed') === 'among',
    group: [...new Set(list('group')?.map(columnIdOf))],
    open: list('open') ?? [],
    columns: list('col')?.map(columnIdOf),
    axes: list('axis')?.map(columnIdOf),
    x: one('x'),
    y: one('y'),
    colour: one('colour'),
    log: new Map(
      given
        .getAll('log')
        .map((id) => (id.startsWith('-') ? [columnIdOf(id.slice(1)), false] : [columnIdOf(id), true])),
    ),
    brushes: new Map(given.getAll('brush').flatMap(parseBrush)),
    picked: given.getAll('run'),
  };
}

/** The query of a state, "" where it asks nothing. */
export function formatRunViewState(state: RunViewState): string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') query.set(name, value);
  };
  set('where', state.where);
  for (const [name, values] of state.facets) for (const value of values) query.append(name, value);
  set('sort', state.sort);
  if (state.withFailed) set('failed', 'among');
  for (const id of state.group) query.append('group', id);
  if (state.group.length > 0) for (const id of state.open) query.append('open', id);
  for (const id of state.columns ?? []) query.append('col', id);
  for (const id of state.axes ?? []) query.append('axis', id);
  set('x', state.x);
  set('y', state.y);
  set('colour', state.colour);
  for (const [id, isLog] of state.log) query.append('log', isLog ? id : `-${id}`);
  for (const [id, range] of state.brushes) query.append('brush', formatBrush(id, range));
  for (const slug of state.picked) query.append('run', slug);
  return query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** What of a state decides which runs match and how charts show them: orders, columns and groups change neither. */
export function questionOf(state: RunViewState): string {
  return formatRunViewState({ ...noRunState(), ...state, ...arrangement });
}

const arrangement = { sort: '', withFailed: false, columns: undefined, group: [], open: [] };

function formatBrush(id: string, range: AxisRange): string {
  return jsonText('texts' in range ? [id, range.texts] : [id, range.low, range.high]);
}

function parseBrush(text: string): [string, AxisRange][] {
  try {
    const [word, low, high] = parsePlainJson(text) as unknown[];
    if (typeof word !== 'string') return [];
    const id = columnIdOf(word);
    if (typeof low === 'number' && typeof high === 'number') return [[id, { low, high }]];
    return Array.isArray(low) ? [[id, { texts: low.map(String) }]] : [];
  } catch {
    return [];
  }
}
