import { isoMicros, parseTime } from '../../data/browser.ts';
import { fragmentOf, placeIn } from '../address.ts';
import { type FacetName, facetNames } from './facets.ts';

/** What the explorer shows, as its address says it. */
export interface ViewState {
  facets: Record<FacetName, string[]>;
  fromUs: number | undefined;
  toUs: number | undefined;
  text: string;
  /** Key of the open action. */
  action: string | undefined;
}

/** The parameters of an address: from its query, or from its fragment where that holds some, or names a place in one file. */
export function addressParameters(search: string, hash: string): URLSearchParams {
  const place = placeIn(hash);
  if (place !== undefined) return new URLSearchParams(place.search);
  return new URLSearchParams(hash.includes('=') ? hash.slice(1) : search);
}

/** Reads the state from an address. */
export function parseViewState(search: string, hash: string): ViewState {
  const parameters = addressParameters(search, hash);
  const time = (name: string) => parseTime(parameters.get(name) ?? '')?.us;
  return {
    facets: Object.fromEntries(
      facetNames.map((name) => [name, parameters.getAll(name)]),
    ) as ViewState['facets'],
    fromUs: time('from'),
    toUs: time('to'),
    text: parameters.get('q') ?? '',
    action: parameters.get('action') ?? undefined,
  };
}

/** Whether a state asks for less than everything. */
export function isFiltered({ facets, fromUs, toUs, text }: ViewState): boolean {
  const isTimed = fromUs !== undefined || toUs !== undefined;
  return isTimed || text !== '' || facetNames.some((name) => facets[name].length > 0);
}

/** The query of a state, "" where it asks nothing. */
export function formatViewState(state: ViewState): string {
  const parameters = new URLSearchParams();
  for (const name of facetNames) for (const value of state.facets[name]) parameters.append(name, value);
  if (state.fromUs !== undefined) parameters.set('from', shortTime(state.fromUs));
  if (state.toUs !== undefined) parameters.set('to', shortTime(state.toUs));
  if (state.text !== '') parameters.set('q', state.text);
  if (state.action !== undefined) parameters.set('action', state.action);
  return parameters.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** Puts a state into the address without leaving the page; from disk some browsers allow only the fragment to change. */
export function showInAddress(query: string): void {
  const asked = query === '' ? '' : `?${query}`;
  const place = placeIn(location.hash);
  // "#=" says that nothing is asked, whatever the query of the address still holds.
  const addresses =
    place === undefined
      ? [location.pathname + asked, `#${query || '='}`]
      : [fragmentOf({ ...place, search: asked, anchor: '' })];
  for (const address of addresses) {
    try {
      history.replaceState(null, '', address);
      return;
    } catch {
      // Browsers also refuse who changes it too often, as brushing does: then the address follows with the next change.
    }
  }
}

/** Changes some parameters of the address and leaves the others, which belong to other parts of the page; an empty list takes one out. */
export function changeAddress(changes: Record<string, readonly string[]>): void {
  const parameters = addressParameters(location.search, location.hash);
  for (const [name, values] of Object.entries(changes)) {
    parameters.delete(name);
    for (const value of values) parameters.append(name, value);
  }
  showInAddress(parameters.toString().replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ','));
}

/** "2026-11-20", "2026-11-20T16:18Z" or the whole time, whatever says it exactly. */
export function shortTime(us: number): string {
  const iso = isoMicros(us);
  if (iso.endsWith('T00:00:00.000000Z')) return iso.slice(0, 10);
  if (iso.endsWith(':00.000000Z')) return `${iso.slice(0, 16)}Z`;
  return iso.endsWith('.000000Z') ? `${iso.slice(0, 19)}Z` : iso;
}
