import type { RailRow } from '../../charts/version-rail.ts';
import type { VersionState, VersionView } from '../../data/versions/types.ts';
import { markPart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

const laneWidth = 14;
/** Height of the marks in a row, in pixels from its top: that of its first line of text. */
const markHeight = 17;

/** The rail beside one version: a square for a whole one, a dot for a delta, lines to what it rests on. */
export function railPart(row: RailRow, lanes: number, state: VersionState): Part {
  const x = (lane: number) => lane * laneWidth + laneWidth / 2 + 1;
  const isReadable = state !== 'damaged' && state !== 'missing' && state !== 'python';
  const lines = row.lines.map(({ from, to, reach }) => (
    <line
      x1={x(from)}
      y1={reach === 'below' ? markHeight : 0}
      x2={x(to)}
      y2={reach === 'above' ? markHeight : '100%'}
    />
  ));
  const lost = row.isLost && (
    <line class="rail-lost" x1={x(row.lane)} y1={markHeight} x2={x(row.lane)} y2="100%" />
  );
  const at = x(row.lane);
  const shape =
    row.kind === 'whole' ? (
      <rect x={at - 4.5} y={markHeight - 4.5} width={9} height={9} rx={1} />
    ) : (
      <circle cx={at} cy={markHeight} r={3.5} />
    );
  return (
    <svg
      class={`rail${isReadable ? '' : ' rail-unreadable'}`}
      width={railWidth(lanes)}
      height="100%"
      aria-hidden="true"
      focusable="false"
    >
      {lines}
      {lost}
      {shape}
    </svg>
  );
}

/** What keeps the room of the rails in a column, where they lie above it. */
export function railRoom(lanes: number): Part {
  return <svg class="rail-room" width={railWidth(lanes)} height={1} aria-hidden="true" />;
}

function railWidth(lanes: number): number {
  return lanes * laneWidth + 2;
}

const words: Record<VersionState, string> = {
  sound: 'sound',
  unchecked: 'no checksum',
  unread: 'not read',
  python: 'Python only',
  missing: 'missing',
  damaged: 'damaged',
};

/** Whether the content is there and as it was saved, as a mark and a word; nothing for a sound one. */
export function statePart(view: Pick<VersionView, 'state' | 'problem'>): Part | undefined {
  const { state } = view;
  if (state === 'sound') return undefined;
  const mark =
    state === 'damaged' || state === 'missing' ? 'failed' : state === 'python' ? 'finding' : 'pending';
  return (
    <span class="status" title={view.problem === '' ? undefined : view.problem}>
      {markPart(mark)}
      <span class="status-word">{words[state]}</span>
    </span>
  );
}
