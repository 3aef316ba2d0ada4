import { formatRelative } from '../../../collector/base/format/duration.ts';
import { formatBytes, formatCount, formatShare } from '../../../collector/base/format/number.ts';
import { inWords, plural, sentence } from '../../../collector/base/format/words.ts';
import { type Rail, versionRail } from '../../charts/version-rail.ts';
import { type SizeBars, versionSizes } from '../../charts/version-sizes.ts';
import { countChains, versionLinks } from './chains.ts';
import type { VersionState, VersionsSummary, VersionView } from './types.ts';

/** A tag with how many have it and the newest version of them. */
export interface TagRow {
  tag: string;
  count: number;
  newest: VersionView | undefined;
}

/** A figure of the page of versions. */
export interface VersionFigure {
  label: string;
  value: string;
  note: string;
}

/** All that the page of versions prints. */
export interface VersionsPage {
  lead: string;
  figures: VersionFigure[];
  rows: VersionView[];
  rail: Rail;
  /** How many older versions there are, which the data files list. */
  older: number;
  tags: TagRow[];
  /** Versions that cannot be read, newest first. */
  unreadable: VersionView[];
  sizes: SizeBars | undefined;
}

/** The most lines that a list of versions shows at once. */
export const maxVersionRows = 200;
const fewestBars = 3;

/** The page of all versions. */
export function versionsPageFacts(versions: VersionsSummary, nowUs: number): VersionsPage {
  const { views } = versions;
  const newestWith = new Map<string, VersionView>();
  for (const view of views) for (const tag of view.tags) if (!newestWith.has(tag)) newestWith.set(tag, view);
  return {
    lead: leadOf(versions, nowUs),
    figures: figuresOf(versions),
    rows: views.slice(0, maxVersionRows),
    rail: railOf(views),
    older: Math.max(0, views.length - maxVersionRows),
    tags: versions.tags.map(({ value, count }) => ({ tag: value, count, newest: newestWith.get(value) })),
    unreadable: views.filter(({ state }) => isUnreadable(state)),
    sizes:
      views.length < fewestBars
        ? undefined
        : versionSizes(
            views
              .map(({ storedBytes, fullBytes, base }) => ({
                storedBytes,
                wholeBytes: fullBytes,
                isWhole: base === undefined,
              }))
              .reverse(),
            { width: 1000, height: 64, most: 240 },
          ),
  };
}

/** The chains of a list, newest first. */
export function railOf(views: readonly VersionView[]): Rail {
  return versionRail(views.map(({ version, base }) => ({ name: version, base })));
}

/** Whether nobody here can say what is in it. */
export function isUnreadable(state: VersionState): boolean {
  return state === 'damaged' || state === 'missing' || state === 'python';
}

function leadOf({ views, lost }: VersionsSummary, nowUs: number): string {
  const newest = views[0];
  if (newest === undefined && lost.length === 0) return 'No version is stored yet.';
  const atUs = newest?.atUs;
  const when = atUs === undefined ? '' : `, the newest saved ${formatRelative(atUs, nowUs)}`;
  const python = views.filter(({ state }) => state === 'python').length;
  const broken = views.filter(({ state }) => isUnreadable(state)).length - python + lost.length;
  const said = [
    python === 0 ? '' : `${inWords(python, 'can', 'can')} be read by Python only`,
    broken === 0 ? '' : `${inWords(broken, 'is', 'are')} damaged or missing`,
  ].filter(Boolean);
  return `${plural(views.length, 'version')}${when}.${said.length === 0 ? '' : ` ${sentence(said.join(', '))}.`}`;
}

function figuresOf({ views, storedBytes, fullBytes, tags }: VersionsSummary): VersionFigure[] {
  const deltas = views.filter(({ base }) => base !== undefined).length;
  const { chains, longest } = countChains(views);
  const { viewOf } = versionLinks(views);
  const tagged = views.filter((view) => view.tags.length > 0 && viewOf(view.version) === view).length;
  return [
    {
      label: 'Stored whole',
      value: formatCount(views.length - deltas),
      note: deltas === 0 ? 'every version' : `and ${plural(deltas, 'delta')}`,
    },
    {
      label: 'Chains',
      value: formatCount(chains),
      note: chains === 0 ? 'no version rests on another' : `the longest of ${inWords(longest, 'version')}`,
    },
    {
      label: 'On disk',
      value: formatBytes(storedBytes),
      note:
        fullBytes > storedBytes
          ? `${formatBytes(fullBytes)} whole, ${formatShare(fullBytes - storedBytes, fullBytes)} spared`
          : 'nothing to spare',
    },
    {
      label: 'Tags',
      value: formatCount(tags.length),
      note: tags.length === 0 ? 'none given' : `on ${plural(tagged, 'version')}`,
    },
  ];
}
