import { formatBytes } from '../../../collector/base/format/number.ts';
import type { Selection } from '../../data/book/types.ts';
import type { Written } from './write.ts';

/** What most mail servers take of one message. */
const mailBytes = 20_000_000;

/** How much of a file some kind of content takes. */
export interface Share {
  what: string;
  bytes: number;
}

interface Kind {
  what: string;
  holds: RegExp;
  /** What leaves some of it out. */
  by: 'run' | 'since' | 'either';
}

const kinds: readonly Kind[] = [
  { what: 'copies of artifacts', holds: /^data\/artifacts\//, by: 'run' },
  { what: 'curves of runs', holds: /^data\/runs\/series-/, by: 'run' },
  { what: 'details of runs', holds: /^data\/runs\//, by: 'run' },
  { what: 'pages of runs', holds: /^runs\//, by: 'run' },
  { what: 'actions', holds: /^data\/actions\//, by: 'either' },
  { what: 'contents of snapshots', holds: /^data\/(?:snapshots|fields)\//, by: 'either' },
  { what: 'pages of snapshots', holds: /^snapshots\//, by: 'either' },
  { what: 'versions', holds: /^data\/versions\/|^versions\//, by: 'either' },
];

/** What the content of a file takes by kind, most first; what is in every file is no kind. */
export function sharesOf(written: readonly Written[]): Share[] {
  const sums = new Map<string, number>();
  for (const { name, bytes } of written) {
    const kind = kinds.find(({ holds }) => holds.test(name));
    if (kind !== undefined) sums.set(kind.what, (sums.get(kind.what) ?? 0) + bytes);
  }
  return [...sums].map(([what, bytes]) => ({ what, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** Where a file is too large for a mail: what takes the most of it, and what to leave out. */
export function sizeWarning(
  bytes: number,
  shares: readonly Share[],
  selection: Selection | undefined,
): string | undefined {
  if (bytes <= mailBytes) return undefined;
  const most = shares.slice(0, 3).map(({ what, bytes: part }) => `${what} ${formatBytes(part)}`);
  const by = kinds.find(({ what }) => what === shares[0]?.what)?.by ?? 'either';
  return `${formatBytes(bytes)} is more than most mail servers take (${formatBytes(mailBytes)}). Most of it: ${most.join(', ')}. ${adviceFor(by, selection)}`;
}

function adviceFor(by: Kind['by'], selection: Selection | undefined): string {
  if (selection === undefined)
    return by === 'run'
      ? 'Choose runs with --run <key>, or only what is new with --since 30d.'
      : 'Leave out what is old with --since 30d, or choose runs with --run <key>.';
  return 'runs' in selection
    ? 'Choose fewer runs, or send the site as an archive (--zip) another way.'
    : 'Choose a shorter time with --since, or runs with --run <key>.';
}
