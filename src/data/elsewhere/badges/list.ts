import { formatNumber } from '../../../../collector/base/format/number.ts';
import { formatTime } from '../../../../collector/base/format/time.ts';
import { plural, shorten } from '../../../../collector/base/format/words.ts';
import type { BadgeConfig } from '../../../../collector/formats/config/site.ts';
import type { LastOfType } from '../../actions/types.ts';
import type { SiteBook } from '../../book/types.ts';
import { type DisplayStatus, isStopped, type JsonValue, numberIn } from '../../browser.ts';
import { recording } from '../../overview/recording.ts';
import { hashOfSlug } from '../../runs/index.ts';
import { ownValue } from '../../runs/types.ts';
import { type StateTone, stateTone } from '../../snapshots/tones.ts';
import type { Badge } from './badge.ts';

const maxTypes = 40;
const [maxLabel, maxMessage] = [40, 60];

/**
 * The badges of a book. Nothing in them is an age: a file that lies there for a year cannot know how old it is, so it gives
 * times. The first three there are always, so that a link to them never breaks.
 */
export function badgesOf(book: SiteBook): Badge[] {
  const named = book.elsewhere.badges.map((config) => configured(book, config));
  const names = new Set(named.map(({ name }) => name));
  const usual = [
    healthBadge(book),
    snapshotBadge(book),
    deploymentBadge(book),
    ...book.actions.lastOfTypes.slice(0, maxTypes).map((last) => actionBadge(last.type, last)),
  ].filter(({ name }) => !names.has(name));
  // Of two that are called the same, the first one counts.
  return [...new Map([...named, ...usual].reverse().map((badge) => [badge.name, badge])).values()]
    .reverse()
    .map((badge) => ({
      ...badge,
      label: shorten(badge.label, maxLabel),
      message: shorten(badge.message, maxMessage),
    }));
}

/** "2026-11-20 16:18 UTC" */
function timeText(us: number): string {
  return `${formatTime(us).slice(0, 16)} UTC`;
}

function healthBadge(book: SiteBook): Badge {
  const newest = book.snapshots.at(-1);
  const { recorder } = recording(book);
  const about =
    'How the system was at the newest snapshot, and on which day that was; or since when none has come.';
  const base = { name: 'health', label: 'health', about };
  if (newest === undefined) return { ...base, message: 'no snapshot', tone: 'idle' };
  const day = formatTime(newest.atUs).slice(0, 10);
  if (isStopped(recorder)) return { ...base, message: `no snapshot since ${day}`, tone: 'bad' };
  return { ...base, message: `${newest.health}, ${day}`, tone: stateTone(newest.health) };
}

function snapshotBadge(book: SiteBook): Badge {
  const newest = book.snapshots.at(-1);
  const { recorder } = recording(book);
  const about =
    'When the newest snapshot was taken; its colour says whether the schedule was kept at the build.';
  const base = { name: 'last-snapshot', label: 'last snapshot', about };
  if (newest === undefined) return { ...base, message: 'none', tone: 'idle' };
  const tone: StateTone = isStopped(recorder)
    ? 'bad'
    : (({ late: 'warning', running: 'good' } as const)[recorder.state as 'late' | 'running'] ?? 'ink');
  return { ...base, message: timeText(newest.atUs), tone };
}

function deploymentBadge({ actions }: SiteBook): Badge {
  const last = actions.deployments[0];
  const about =
    'How the newest action went whose type has the word deploy or deployment in it, and when it began.';
  return { ...wentBadge(last), name: 'last-deployment', label: 'last deployment', about };
}

function actionBadge(type: string, last: LastOfType | undefined): Badge {
  const about = `How the newest action of type ${shorten(type, 80)} went, and when it began.`;
  return { ...wentBadge(last), name: `action-${nameOf(type)}`, label: type, about };
}

function wentBadge(last: Omit<LastOfType, 'type'> | undefined): Pick<Badge, 'message' | 'tone'> {
  if (last === undefined) return { message: 'none recorded', tone: 'idle' };
  return { message: `${last.status}, ${timeText(last.atUs)}`, tone: toneOf(last.status) };
}

function toneOf(status: DisplayStatus): StateTone {
  const tones = { completed: 'good', failed: 'bad', aborted: 'warning', running: 'active' } as const;
  return ownValue<StateTone>(tones, status) ?? 'idle';
}

function configured(book: SiteBook, config: BadgeConfig): Badge {
  const made =
    'field' in config && config.field !== undefined
      ? fieldBadge(book, config.field)
      : 'metric' in config && config.metric !== undefined
        ? metricBadge(book, config.metric)
        : namedActionBadge(book, (config as { action: string }).action);
  const { name = made.name, label = made.label, color } = config;
  return { ...made, name, label, color };
}

function namedActionBadge({ actions }: SiteBook, type: string): Badge {
  return actionBadge(
    type,
    actions.lastOfTypes.find((each) => each.type === type),
  );
}

function fieldBadge({ fields }: SiteBook, path: string): Badge {
  const field = fields.find((each) => each.path === path);
  const about = `The field ${path} of the newest snapshot.`;
  const base = { name: `field-${nameOf(path)}`, label: path.split('.').at(-1) ?? path, about };
  if (field?.value === undefined) return { ...base, message: 'not recorded', tone: 'idle' };
  const message = valueText(field.value);
  return { ...base, message, tone: stateTone(message) };
}

function metricBadge({ runs }: SiteBook, metric: string): Badge {
  const about = `The metric ${metric} of the newest completed run that has it.`;
  const base = { name: `metric-${nameOf(metric)}`, label: metric, about };
  const run = runs.views.find(
    ({ status, metrics }) => status === 'completed' && ownValue(metrics, metric) !== undefined,
  );
  if (run === undefined) return { ...base, message: 'not recorded', tone: 'idle' };
  return { ...base, message: formatNumber(run.metrics[metric]!), tone: 'ink' };
}

function valueText(value: JsonValue): string {
  const number = numberIn(value);
  if (number !== undefined) return formatNumber(number);
  if (Array.isArray(value)) return plural(value.length, 'entry', 'entries');
  if (value !== null && typeof value === 'object') return plural(Object.keys(value).length, 'field');
  return String(value).trim() === '' ? 'empty' : String(value);
}

/** A recorded name as one of a file: its letters, and what tells it apart from others with the same where some were lost. */
function nameOf(text: string): string {
  const short = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  if (short === text) return short;
  const mark = hashOfSlug(text).toString(16).padStart(8, '0').slice(0, 6);
  return short === '' ? mark : `${short}-${mark}`;
}
