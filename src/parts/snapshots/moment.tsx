import { formatDuration } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import type { HealthName } from '../../charts/time-travel.ts';
import { actionHref } from '../../data/links.ts';
import { lastKey } from '../../data/snapshots/changes.ts';
import type { MomentView, StateField, StateSection } from '../../data/snapshots/moment.ts';
import { type ValueView, valueView } from '../../data/values/value.ts';
import { healthPart, pathPart, statusPart, timePart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { differencesPart } from '../values/differences.tsx';
import { valuePart } from '../values/value.tsx';

/** An action of the stretch before a moment. */
export interface MomentAction {
  key: string;
  atUs: number;
  status: StatusName;
  word: string;
  type: string;
  summary: string;
  tookMs: number | undefined;
}

const maxChanges = 8;
const maxReadings = 60;
/** Fields that are printed; the page of the snapshot has all. */
const maxFields = 300;
/** A list that is longer stands folded. */
const shortList = 4;

/** The snapshot of a moment by its time, health and number. */
export interface MomentHead {
  atUs: number;
  health: HealthName;
  number: number;
  total: number;
  href: string;
  /** Why the health is what it is; "" where nothing is the matter. */
  reason: string;
}

/** The moment itself. */
export function momentHeadPart({ atUs, health, number, total, href, reason }: MomentHead): Part[] {
  const newest = number === total - 1 ? ', the newest' : '';
  return [
    <p class="travel-moment">
      {timePart(atUs)} <span class="travel-zone">UTC</span>
    </p>,
    <p class="travel-facts">
      {healthPart(health)}
      <span>
        snapshot {formatCount(number + 1)} of {formatCount(total)}
        {newest}
      </span>
      <a href={href}>its page</a>
    </p>,
    ...(reason === '' ? [] : [<p class="travel-reason">{reason}</p>]),
  ];
}

/** What a snapshot brought, as sentences; `first` where there is none before it. */
export function momentChangesPart({ changes, readings }: MomentView, first: boolean): Part[] {
  if (first) return [<p class="panel-text">There is none before it to compare with.</p>];
  if (changes.length + readings.length === 0)
    return [<p class="panel-text">Every field has the value it had before; only the time differs.</p>];
  if (changes.length === 0) return differencesPart(readings, maxChanges);
  if (readings.length === 0) return differencesPart(changes, maxChanges);
  return [
    ...differencesPart(changes, maxChanges),
    <details class="more">
      <summary>{plural(readings.length, 'reading')} moved</summary>
      {differencesPart(readings, maxReadings)}
    </details>,
  ];
}

/** The heading over what a snapshot brought. */
export function momentTitle({ changes, readings }: MomentView, first: boolean): string {
  if (first) return 'The first snapshot';
  if (changes.length > 0) return `${plural(changes.length, 'change')} since the snapshot before`;
  return readings.length > 0 ? 'Only readings moved' : 'Nothing changed';
}

/** The heading over actions: "18 actions in between". */
export function actionsTitle(count: number | undefined): string {
  if (count === undefined) return 'Actions in between';
  return count === 0 ? 'No actions in between' : `${plural(count, 'action')} in between`;
}

/** A few actions, newest first, each leading to its place in the explorer. */
export function momentActionsPart(actions: readonly MomentAction[]): Part {
  if (actions.length === 0) return <p class="panel-text">None was recorded in between.</p>;
  return (
    <ul class="rows travel-action-list">
      {actions.map((action) => (
        <li>
          <span class="mono dim">{timePart(action.atUs)}</span>
          {statusPart(action.status, action.word)}
          <span class="travel-action-what">
            <a class="quiet-link" href={actionHref('', action.key)}>
              {action.type}
            </a>
            {action.summary !== '' && [' ', <span class="dim">{action.summary}</span>]}
          </span>
          <span class="travel-action-took dim">{formatDuration(action.tookMs)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The state by its sections, those that changed open; of a very large state only the first fields. */
export function statePart(sections: readonly StateSection[]): Part[] {
  let room = maxFields;
  return sections.map((section) => {
    const most = Math.max(0, room);
    room -= section.fields.length;
    return stateSectionPart(section, stateFieldsPart(section, most));
  });
}

/** A section of the state, open where it changed; its fields can be filled in later. */
export function stateSectionPart(section: StateSection, fields?: Part): Part {
  const { name, changed } = section;
  return (
    <details class="state-section" data-section={name} open={changed > 0}>
      <summary>
        <span class="state-name">{name}</span>{' '}
        <span class="state-size">{plural(section.fields.length, 'field')}</span>
        {changed > 0 && [' ', <span class="state-changed">{formatCount(changed)} changed</span>]}
      </summary>
      {fields}
    </details>
  );
}

/** The fields of a section with their values; the pins are for scripts. */
export function stateFieldsPart({ fields }: StateSection, most = maxFields): Part {
  return (
    <div class="state-fields">
      <dl>{fields.slice(0, most).map(fieldPart)}</dl>
      {fields.length > most && (
        <p class="pale">and {formatCount(fields.length - most)} more on the page of the snapshot</p>
      )}
    </div>
  );
}

const marks = { new: 'new', changed: 'changed', moved: 'moved' };

function fieldPart({ path, name, value, mark }: StateField): Part {
  return (
    <div class={mark === undefined ? 'state-field' : `state-field is-${mark}`}>
      <dt class="mono">{pathPart(name)}</dt>
      <dd>{foldedValue(valueView(value, lastKey(path)))}</dd>
      <dd class="state-mark">{mark !== undefined && marks[mark]}</dd>
      <dd class="state-pin">
        <button type="button" class="travel-button" data-pin-field={path} aria-label={`Pin ${path}`}>
          pin
        </button>
      </dd>
    </div>
  );
}

function foldedValue(view: ValueView): Inside {
  const size = view.kind === 'list' ? view.items.length : view.kind === 'table' ? view.rows.length : 0;
  if (size <= shortList && view.kind !== 'table') return valuePart(view);
  return (
    <details class="state-list">
      <summary>{plural(size, 'entry', 'entries')}</summary>
      {valuePart(view)}
    </details>
  );
}
