import {
  type ActionBin,
  fewDaysUs,
  fineBins,
  type TravelGap,
  type TravelPoint,
  type TravelStrip,
  travelStrip,
} from '../../charts/time-travel.ts';
import type { ActionView } from '../actions/types.ts';
import type { SiteBook } from '../book/types.ts';
import { numberIn } from '../browser.ts';
import { actionsBetweenHref } from '../links.ts';
import { timeOf } from '../values/value.ts';
import { isOwnIdentity } from './changes.ts';
import { type FieldChart, type FieldMoment, fieldChart, fieldMoment } from './field-chart.ts';
import type { FieldPoint } from './index.ts';
import { type MomentView, momentView } from './moment.ts';
import { fieldHabits } from './ranking.ts';
import type { FieldHistory, SnapshotView } from './types.ts';

/** The state over time as the page prints it: at its newest moment, with the fields that say most about the past. */
export interface TimeTravelView {
  strip: TravelStrip;
  newest: SnapshotView;
  previous: SnapshotView | undefined;
  moment: MomentView;
  pins: { path: string; chart: FieldChart; changes: number; moment: FieldMoment }[];
  /** Actions since the snapshot before, newest first. */
  actions: ActionView[];
  /** How many there are; undefined where the newest actions do not reach so far back. */
  actionCount: number | undefined;
  /** The same in the explorer. */
  between: string | undefined;
  /** Fields to pin, those that changed most first. */
  choices: { path: string; changes: number }[];
}

const maxPins = 4;
const maxChoices = 200;
const maxLooked = 40;
const maxActions = 6;
/** Marks of the strip: more could not be told apart. */
const slots = 300;
const dayUs = 86_400_000_000;
const maxBars = 200;

/** The newest state and the time before it; undefined in a book without snapshots. */
export function timeTravelView(
  book: SiteBook,
  points: TravelPoint[],
  gaps: TravelGap[],
  heights: { marks: number; actions: number },
): TimeTravelView | undefined {
  const newest = book.snapshots.at(-1);
  if (newest === undefined) return undefined;
  const previous = book.snapshots.at(-2);
  const until = book.actions.newest.filter(({ atUs }) => atUs <= newest.atUs);
  const since = until.filter(({ atUs }) => previous === undefined || atUs > previous.atUs);
  const isWhole = since.length < until.length || book.actions.newest.length === book.actions.total;
  return {
    strip: travelStrip(points, gaps, actionBins(book, points), {
      width: 100,
      height: heights.marks,
      actionsHeight: heights.actions,
      slots,
    }),
    newest,
    previous,
    moment: momentView(book.contentOf(newest.id) ?? {}, book.changesOf(newest.id), fieldHabits(book)),
    pins: suggestedPins(book),
    actions: since.slice(0, maxActions),
    actionCount: isWhole ? since.length : undefined,
    between: previous === undefined ? undefined : actionsBetweenHref('', previous.atUs, newest.atUs),
    choices: changedFields(book)
      .sort((a, b) => b.changes - a.changes)
      .slice(0, maxChoices)
      .map(({ path, changes }) => ({ path, changes })),
  };
}

/** Actions by whole days, as many of them as a bar has room for; over few days finer, as far as the newest actions reach. */
function actionBins({ actions }: SiteBook, points: TravelPoint[]): ActionBin[] {
  const fromUs = points[0]?.atUs ?? 0;
  const spanUs = (points.at(-1)?.atUs ?? 0) - fromUs;
  const isReached = actions.newest.length === actions.total || (actions.newest.at(-1)?.atUs ?? 0) < fromUs;
  if (spanUs < fewDaysUs && isReached) {
    const times = actions.newest.map(({ atUs }) => atUs);
    return fineBins(times, fromUs, fromUs + spanUs);
  }
  const widthUs = Math.max(1, Math.ceil(spanUs / dayUs / maxBars)) * dayUs;
  const bins = new Map<number, number>();
  for (const { day, counts } of actions.days) {
    const bin = Math.floor((Date.parse(day) * 1000) / widthUs);
    bins.set(
      bin,
      Object.values(counts).reduce((sum, one) => sum + one, bins.get(bin) ?? 0),
    );
  }
  return [...bins].map(([bin, count]) => ({ fromUs: bin * widthUs, toUs: (bin + 1) * widthUs, count }));
}

function changedFields(book: SiteBook): FieldHistory[] {
  return book.fields.filter(({ path, changes }) => changes > 0 && !isOwnIdentity(path));
}

/** Words that stand for states and numbers, in turn, those that changed most first; what is another each time says little. */
function suggestedPins(book: SiteBook): TimeTravelView['pins'] {
  const times = book.snapshots.map(({ atUs }) => atUs);
  const { isRestless } = fieldHabits(book);
  const looked = changedFields(book)
    .filter(({ value }) => numberIn(value) !== undefined || isStateWord(value))
    .sort((a, b) => b.changes - a.changes);
  const states = looked
    .filter(({ path, value }) => numberIn(value) === undefined && !isRestless(path))
    .slice(0, maxLooked)
    .map((field) => drawn(book, field, times))
    .filter((pin) => pin?.chart.kind === 'band' && pin.chart.band.states.length > 1);
  const numbers = looked
    .filter(({ value }) => numberIn(value) !== undefined)
    .slice(0, maxPins)
    .map((field) => drawn(book, field, times));
  const inTurn = Array.from({ length: maxPins }, (_, at) => [states[at], numbers[at]]).flat();
  return inTurn.filter((pin) => pin !== undefined).slice(0, maxPins);
}

function drawn(
  book: SiteBook,
  { path, changes }: FieldHistory,
  times: number[],
): TimeTravelView['pins'][number] | undefined {
  const points: FieldPoint[] | undefined = book.fieldPointsOf(path);
  if (points === undefined) return undefined;
  const moment = fieldMoment(path, points, times, times.length - 1);
  return {
    path,
    changes,
    chart: fieldChart(path, points, times, { rolled: book.fieldRolledOf(path) }),
    moment,
  };
}

function isStateWord(value: FieldHistory['value']): boolean {
  return (
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 40 && timeOf(value) === undefined)
  );
}
