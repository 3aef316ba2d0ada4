import { median, pairs } from 'd3';
import { formatWeekday } from '../../collector/base/format/time.ts';

/** How a slot of the schedule turned out. */
export type SlotState = 'taken' | 'late' | 'missed' | 'open';

/** A slot as the data has it. */
export interface SlotInput {
  atUs: number;
  state: SlotState;
  id: string | undefined;
}

/** One cell of the chart; `count` slots lie in it and the worst of them gives the state. */
export interface SlotCell {
  atUs: number;
  state: SlotState;
  id: string | undefined;
  count: number;
  x: number;
  width: number;
}

/** One day of slots. */
export interface SlotRow {
  label: string;
  day: string;
  y: number;
  cells: SlotCell[];
}

/** A grid of slots, a row per UTC day (one row for all where there are only one or two a day); x in units of `size.width`. */
export interface SlotGrid {
  rows: SlotRow[];
  height: number;
  hours: { label: string; x: number }[];
}

const dayUs = 86_400_000_000;
/** A row is divided at least so, that one slot is a mark and no bar. */
const fewestCells = 14;
const worst: SlotState[] = ['missed', 'late', 'taken', 'open'];

/** Lays slots out by day and time of day; more than `most` a day are gathered into wider cells. */
export function slotGrid(
  slots: SlotInput[],
  size: { width: number; rowHeight: number; most?: number },
): SlotGrid {
  const valid = slots.filter(({ atUs }) => Number.isFinite(atUs));
  const step = median(pairs(valid).map(([a, b]) => b.atUs - a.atUs)) ?? dayUs;
  if (valid.length === 0) return { rows: [], height: 0, hours: [] };
  if (step > dayUs / 3) return singleRow(valid, size);
  const cellUs = cellLength(step, size.most ?? 48);
  const byDay = new Map<number, SlotInput[]>();
  for (const slot of valid) {
    const day = Math.floor(slot.atUs / dayUs);
    byDay.set(day, [...(byDay.get(day) ?? []), slot]);
  }
  const rows = [...byDay].map(([day, ofDay], index) => ({
    label: formatWeekday(day * dayUs),
    day: new Date((day * dayUs) / 1000).toISOString().slice(0, 10),
    y: index * size.rowHeight,
    cells: cellsOfDay(ofDay, day * dayUs, cellUs, size.width),
  }));
  const hours = [0, 6, 12, 18].map((hour) => ({
    label: `${String(hour).padStart(2, '0')}:00`,
    x: (hour / 24) * size.width,
  }));
  return { rows, height: rows.length * size.rowHeight, hours };
}

/** The width of a cell in time: the step itself, or the whole hours that bring a day below `most` cells. */
function cellLength(step: number, most: number): number {
  const rounded = Math.max(step, 60_000_000);
  if (dayUs / rounded <= most) return rounded;
  return Math.ceil(dayUs / most / 1_800_000_000) * 1_800_000_000;
}

function cellsOfDay(slots: SlotInput[], dayStart: number, cellUs: number, width: number): SlotCell[] {
  const cells = new Map<number, SlotInput[]>();
  for (const slot of slots) {
    const index = Math.floor((slot.atUs - dayStart) / cellUs);
    cells.set(index, [...(cells.get(index) ?? []), slot]);
  }
  return [...cells].map(([index, inside]) => {
    const shown = inside.find(
      ({ state }) => state === worst.find((one) => inside.some((slot) => slot.state === one)),
    );
    const x = ((index * cellUs) / dayUs) * width;
    const wide = Math.min((cellUs / dayUs) * width, width - x);
    return { ...(shown as SlotInput), count: inside.length, x: round(x), width: round(wide) };
  });
}

function singleRow(slots: SlotInput[], size: { width: number; rowHeight: number }): SlotGrid {
  const wide = size.width / Math.max(slots.length, fewestCells);
  const cells = slots.map((slot, index) => ({
    ...slot,
    count: 1,
    x: round(index * wide),
    width: round(wide),
  }));
  const first = slots[0] as SlotInput;
  const every = Math.ceil(Math.max(slots.length, fewestCells) / 7);
  const hours = cells
    .filter((_, index) => index % every === 0)
    .map(({ atUs, x }) => ({ label: formatWeekday(atUs), x }));
  return {
    rows: [{ label: '', day: new Date(first.atUs / 1000).toISOString().slice(0, 10), y: 0, cells }],
    height: size.rowHeight,
    hours,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
