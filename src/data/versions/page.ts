import { differences, isObject, jsonText } from '../browser.ts';
import { type DifferenceText, differenceText } from '../snapshots/changes.ts';
import { noHabits, rankChanges } from '../snapshots/ranking.ts';
import { tellingRows } from '../snapshots/readings.ts';
import { type UnchangedView, unchangedView } from '../snapshots/unchanged.ts';
import { rawText, type ValueView, valueView } from '../values/value.ts';
import { restingOn, versionLinks, wayDown } from './chains.ts';
import type { VersionDetails, VersionView } from './types.ts';

/** All that the page of one version is printed from, at build time and in the browser. */
export interface VersionPageFacts {
  view: VersionView;
  details: VersionDetails;
  /** Its neighbours in time. */
  previous: VersionView | undefined;
  next: VersionView | undefined;
  /** What its differences are to, and whether that is the base of its delta. */
  before: VersionView | undefined;
  /** Undefined where one of the two cannot be shown. */
  changes: DifferenceText[] | undefined;
  unchanged: UnchangedView | undefined;
  /** The versions of its chain, newest first; only itself where it has none. */
  chain: VersionView[];
  /** How many more rest on it. */
  moreUpon: number;
  content: ContentView;
  repository: string | undefined;
  /** The way to the top of the site. */
  up: string;
}

/** The content as a page prints it: as fields, or only as text where it is long. */
export type ContentView =
  | { kind: 'none' }
  | { kind: 'text'; text: string; more: number }
  | { kind: 'value'; value: ValueView; raw: string }
  | { kind: 'raw'; raw: string };

const maxChain = 40;
const maxValueChars = 60_000;
const maxTextChars = 20_000;

/** The facts of a page from the list of all versions, newest first, and what is published of this one and the one before. */
export function versionPageFacts(
  views: readonly VersionView[],
  view: VersionView,
  published: { details: VersionDetails; before: VersionDetails | undefined },
  place: { up: string; repository: string | undefined },
): VersionPageFacts {
  const { details } = published;
  const { placeOf, viewOf } = versionLinks(views);
  const at = placeOf(view.version) ?? -1;
  const upon = restingOn(views, view.version, maxChain * 4);
  const members = new Set([...wayDown(views, view.version).slice(0, maxChain), ...upon.slice(0, maxChain)]);
  const inOrder = [...members].sort((a, b) => (placeOf(a.version) ?? 0) - (placeOf(b.version) ?? 0));
  return {
    view,
    details,
    previous: views[at + 1],
    next: views[at - 1],
    before: viewOf(view.before),
    ...changesBetween(published.before, details),
    chain: inOrder,
    moreUpon: Math.max(0, upon.length - maxChain),
    content: contentView(details, place.repository),
    ...place,
  };
}

function changesBetween(
  before: VersionDetails | undefined,
  after: VersionDetails,
): Pick<VersionPageFacts, 'changes' | 'unchanged'> {
  const [old, now] = [before?.content, after.content];
  if (old === undefined || now === undefined) return { changes: undefined, unchanged: undefined };
  const { telling, readings } = rankChanges(differences(old, now), noHabits);
  return {
    changes: [...tellingRows(telling), ...readings.map(differenceText)],
    unchanged: isObject(old) && isObject(now) ? unchangedView(old, now) : undefined,
  };
}

function contentView({ content }: VersionDetails, repository: string | undefined): ContentView {
  if (content === undefined) return { kind: 'none' };
  if (typeof content === 'string')
    return {
      kind: 'text',
      text: content.slice(0, maxTextChars),
      more: Math.max(0, content.length - maxTextChars),
    };
  const letters = jsonText(content).length;
  if (letters > maxValueChars) return { kind: 'raw', raw: rawText(content) };
  return { kind: 'value', value: valueView(content, '', repository), raw: rawText(content) };
}
