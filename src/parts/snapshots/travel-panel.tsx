import { formatSpan } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatDay } from '../../../collector/base/format/time.ts';
import { plural } from '../../../collector/base/format/words.ts';
import { compareHref } from '../../data/links.ts';
import { reasonOf } from '../../data/snapshots/reason.ts';
import type { TimeTravelView } from '../../data/snapshots/time-travel.ts';
import { names, Panel } from '../basics.tsx';
import { group, type Part, part } from '../part.ts';
import {
  actionsTitle,
  momentActionsPart,
  momentChangesPart,
  momentHeadPart,
  momentTitle,
  statePart,
} from './moment.tsx';
import { bandPatternsPart, pinnedFieldPart } from './pinned-field.tsx';
import { actionBarsPart, cursorPart, mostActionsText, stripPart, travelAxisPart } from './time-travel.tsx';

/** What the panel of time travel shows. */
export interface Travel {
  view: TimeTravelView;
  total: number;
  /** The page of the newest snapshot. */
  href: string;
  nowUs: number;
  /** Whether snapshots are expected, so that some can be missing. */
  isScheduled: boolean;
}

/** The state over time: complete for the newest moment; scripts move it to any other. */
export function timeTravelPanel(given: Travel): Part {
  const { strip, moment } = given.view;
  const hasPast = given.total > 1;
  return (
    <daybook-time-travel data-base="data/" data-from={strip.fromUs} data-to={strip.toUs}>
      {bandPatternsPart()}
      <section class="panel travel" aria-labelledby="travel-heading">
        <h2 id="travel-heading" class="visually-hidden">
          State over time
        </h2>
        {headPart(given)}
        <p class="travel-said" data-said role="status"></p>
        {hasPast && axisPart(given)}
      </section>
      {besidePart(given)}
      <Panel title="State" flush>
        <div class="state" data-state>
          {statePart(moment.sections)}
        </div>
      </Panel>
    </daybook-time-travel>
  );
}

/** The moment itself, and the ways to another one. */
function headPart({ view: { newest }, total, href }: Travel): Part {
  const hasPast = total > 1;
  return (
    <header class="travel-head">
      <div data-head>
        {momentHeadPart({
          atUs: newest.atUs,
          health: newest.health,
          number: total - 1,
          total,
          href,
          reason: reasonOf(newest),
        })}
      </div>
      {hasPast && (
        <div class="travel-tools">
          <span class="travel-pair">
            <button type="button" class="tool" data-step="-1">
              ‹ Earlier
            </button>
            <button type="button" class="tool" data-step="1" disabled>
              Later ›
            </button>
          </span>
          <form class="travel-goto" data-goto>
            <label for="travel-at">State at</label>
            <input
              id="travel-at"
              name="at"
              type="text"
              size="19"
              autocomplete="off"
              spellcheck="false"
              placeholder="2026-01-31 14:00"
            />
            <button type="submit" class="tool">
              Show
            </button>
          </form>
        </div>
      )}
    </header>
  );
}

/** The strip of all snapshots with the slider, the actions of each day, and the pinned fields. */
function axisPart(given: Travel): Part {
  const { view, nowUs } = given;
  const { strip, pins, choices } = view;
  const spanMs = Math.max(1, Math.ceil((strip.toUs - strip.fromUs) / 1000));
  return (
    <div class="travel-axis" data-axis>
      {stripRow(given)}
      <div class="travel-row travel-slider">
        <label class="travel-label" for="travel-range">
          <span class="visually-hidden">Moment</span>
        </label>
        <div class="travel-plot">
          <input
            id="travel-range"
            type="range"
            min="0"
            max={spanMs}
            value={spanMs}
            step="1"
            data-range
            disabled
          />
        </div>
      </div>
      {strip.actions.length > 0 && (
        <div class="travel-row">
          <div class="travel-label">
            <span class="travel-name">Actions</span>
          </div>
          <div class="travel-plot" data-plot data-actions-by-day>
            {[actionBarsPart(strip), cursorPart()]}
          </div>
          <div class="travel-value">
            <span class="travel-since" data-most-actions>
              {mostActionsText(strip.maxActions)}
            </span>
          </div>
        </div>
      )}
      <ul class="travel-pins" data-pins aria-label="Pinned fields">
        {pins.map((pin) => pinnedFieldPart(pin, nowUs))}
      </ul>
      <div class="travel-row travel-ticks" aria-hidden="true">
        <div class="travel-label"></div>
        <div class="travel-plot">{travelAxisPart(strip)}</div>
      </div>
      {choices.length > 0 && addForm(view)}
    </div>
  );
}

/** All snapshots over time. */
function stripRow({ view: { strip }, total, nowUs, isScheduled }: Travel): Part {
  const label = `${plural(total, 'snapshot')} from ${formatDay(strip.fromUs, nowUs)} to ${formatDay(strip.toUs, nowUs)}`;
  return (
    <div class="travel-row">
      <div class="travel-label">
        <span class="travel-name">Snapshots</span>
        <ul class="legend travel-key">
          <li>taller: more changed</li>
          {strip.marks.some(({ health }) => health === 'degraded') && (
            <li>
              <span class="travel-key-mark mark-degraded">–</span>degraded
            </li>
          )}
          {strip.marks.some(({ health }) => health === 'failing') && (
            <li>
              <span class="travel-key-mark mark-failed">×</span>failing
            </li>
          )}
          {strip.gaps.length > 0 && (
            <li>
              <span class={names('dot', isScheduled ? 'dot-gap' : 'dot-unexpected')}></span>
              {isScheduled ? 'missed' : 'none taken'}
            </li>
          )}
        </ul>
      </div>
      <div class="travel-plot travel-strip" data-strip>
        {[stripPart(strip, label, isScheduled), cursorPart()]}
      </div>
      <div class="travel-value">
        <span class="travel-since">
          {formatCount(total)} since {formatDay(strip.fromUs, nowUs)}
        </span>
      </div>
    </div>
  );
}

/** The way to pin another field. */
function addForm({ choices }: TimeTravelView): Part {
  return (
    <form class="travel-add" data-add>
      <label for="travel-field">Pin a field</label>
      <input
        id="travel-field"
        name="field"
        type="text"
        list="travel-fields"
        autocomplete="off"
        spellcheck="false"
        placeholder={choices[0]?.path}
      />
      <datalist id="travel-fields">
        {choices.map(({ path, changes }) => (
          <option value={path}>{plural(changes, 'change')}</option>
        ))}
      </datalist>
      <button type="submit" class="tool">
        Pin
      </button>
    </form>
  );
}

/** What the moment brought, and what happened before it. */
function besidePart({ view, total }: Travel): Part {
  const { newest, previous, moment } = view;
  const hasPast = total > 1;
  const actions = view.actions.map((one) => ({ ...one, word: one.statusWord, tookMs: one.durationMs }));
  return (
    <div class={names('grid', hasPast && 'pair', 'travel-pair-panels')}>
      <section class="panel" aria-labelledby="travel-changes-heading">
        <header class="panel-head">
          <h2 id="travel-changes-heading" data-changes-title>
            {momentTitle(moment, !hasPast)}
          </h2>
          <div class="panel-note" data-changes-note>
            {previous !== undefined && (
              <>
                {formatSpan((newest.atUs - previous.atUs) / 1000)} later ·{' '}
                <a href={compareHref('', previous.id, newest.id)}>compare</a>
              </>
            )}
          </div>
        </header>
        <div class="travel-changes" data-changes-list>
          {momentChangesPart(moment, !hasPast)}
        </div>
      </section>
      {hasPast && (
        <section class="panel" aria-labelledby="travel-actions-heading">
          <header class="panel-head">
            <h2 id="travel-actions-heading" data-actions-title>
              {actionsTitle(view.actionCount)}
            </h2>
            <div class="panel-note" data-actions-note>
              {view.between !== undefined && <a href={view.between}>all of them</a>}
            </div>
          </header>
          <div class="travel-actions" data-actions-list>
            {momentActionsPart(actions)}
          </div>
        </section>
      )}
    </div>
  );
}
