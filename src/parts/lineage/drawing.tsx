import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { LineageBox, LineageDrawing } from '../../charts/lineage.ts';
import type { LineageItem } from '../../charts/lineage-groups.ts';
import { shapeBox, statusShape } from '../../charts/status-shape.ts';
import { type Inside, type Part, part } from '../part.ts';

/** How a lineage is printed. */
export interface LineageGiven {
  drawing: LineageDrawing;
  label: string;
  /** Address of an item; undefined where it leads nowhere. */
  hrefOf(item: LineageItem): string | undefined;
  /** Address of a stack: where its runs are listed. */
  stackHref(box: LineageBox): string | undefined;
  /** The item the page is about. */
  current?: string | undefined;
}

/** The graph as SVG in its own size; what is too wide for its place is scrolled. Every box is a link where it leads somewhere. */
export function lineagePart(given: LineageGiven): Part {
  const { drawing, label } = given;
  return (
    <svg
      class="lineage-graph"
      width={drawing.width}
      height={drawing.height}
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      role="group"
      aria-label={label}
    >
      <g class="lineage-lines" aria-hidden="true">
        {drawing.lines.map((line) => (
          <path
            class={`lineage-line line-${line.kind}`}
            d={line.path}
            data-from={line.from}
            data-to={line.to}
          >
            <title>{plural(line.count, 'link')}</title>
          </path>
        ))}
      </g>
      {drawing.boxes.map((box) => (box.shape === 'frame' ? framePart(given, box) : boxPart(given, box)))}
    </svg>
  );
}

function boxPart(given: LineageGiven, box: LineageBox): Part {
  const [item] = box.items;
  const single = box.shape === 'single';
  const isCurrent = single && item?.id === given.current;
  const inside: Inside = [
    <title>{single ? titleOf(item!) : `${box.label}: ${box.note}`}</title>,
    !single && (
      <rect class="lineage-behind" x={box.x + 4} y={box.y - 4} width={box.width} height={box.height} rx={5} />
    ),
    <rect
      class="lineage-box"
      x={box.x}
      y={box.y}
      width={box.width}
      height={box.height}
      rx={box.kind === 'data' ? 1 : 5}
    />,
    item?.status !== undefined && single && markPart(item.status, box.x + 10, box.y + 10),
    <text class="lineage-label" x={box.x + (item?.status !== undefined && single ? 28 : 12)} y={box.y + 19}>
      {box.label}
    </text>,
    <text
      class="lineage-note"
      x={box.x + (item?.status !== undefined && single ? 28 : 12)}
      y={box.y + (box.shares.length > 0 ? 33 : 34)}
    >
      {box.note}
    </text>,
    sharesPart(box, box.y + box.height - 5),
  ];
  const kind = `lineage-item lineage-${box.kind}${isCurrent ? ' lineage-current' : ''}`;
  const href = single ? given.hrefOf(item!) : given.stackHref(box);
  const attributes = { class: kind, 'data-group': box.id, 'data-item': single ? item!.id : undefined };
  return href === undefined || isCurrent ? (
    <g {...attributes}>{inside}</g>
  ) : (
    <a {...attributes} href={href}>
      {inside}
    </a>
  );
}

function framePart(given: LineageGiven, box: LineageBox): Part {
  return (
    <g class={`lineage-frame lineage-${box.kind}`} data-group={box.id}>
      <rect class="lineage-box" x={box.x} y={box.y} width={box.width} height={box.height} rx={5} />
      <text class="lineage-label" x={box.x + 12} y={box.y + 20} data-close={box.id}>
        {box.label}
      </text>
      {box.places.map(({ item, label, x, y, width, height }) => {
        const isCurrent = item.id === given.current;
        const href = given.hrefOf(item);
        const attributes = {
          class: `lineage-chip${isCurrent ? ' lineage-current' : ''}`,
          'data-item': item.id,
        };
        const inside: Inside = [
          <title>{titleOf(item)}</title>,
          <rect class="lineage-place" x={x + 1} y={y + 1} width={width - 2} height={height - 2} rx={4} />,
          item.status !== undefined && markPart(item.status, x + 7, y + 6),
          <text class="lineage-name" x={x + 25} y={y + 16}>
            {label}
          </text>,
        ];
        return href === undefined || isCurrent ? (
          <g {...attributes}>{inside}</g>
        ) : (
          <a {...attributes} href={href}>
            {inside}
          </a>
        );
      })}
    </g>
  );
}

function sharesPart(box: LineageBox, y: number): Inside {
  return (
    box.shares.length > 1 &&
    box.shares.map((share) => (
      <rect
        class={`fill-${share.status}`}
        x={box.x + 8 + share.x}
        width={Math.max(share.width - 1, 1)}
        y={y}
        height={3}
      />
    ))
  );
}

/** A status mark in the coordinates of the graph. */
function markPart(status: NonNullable<LineageItem['status']>, x: number, y: number): Part {
  const shape = statusShape(status);
  return (
    <g
      class={`mark mark-${status}${shape.filled ? ' mark-filled' : ''}`}
      transform={`translate(${x} ${y}) scale(${12 / shapeBox})`}
    >
      <path d={shape.path} />
    </g>
  );
}

function titleOf(item: LineageItem): string {
  return [item.group, item.label, item.status].filter((text) => text !== undefined && text !== '').join(', ');
}

/** How many runs, inputs and links there are, in words. */
export function lineageCounts(items: readonly LineageItem[], links: number): string {
  const runs = items.filter(({ kind }) => kind === 'run').length;
  const data = items.filter(({ kind }) => kind === 'data').length;
  const told = [
    plural(runs, 'run'),
    data > 0 ? plural(data, 'input') : '',
    `${formatCount(links)} ${links === 1 ? 'link' : 'links'}`,
  ];
  return told.filter(Boolean).join(', ');
}
