import { formatDuration } from '../../../collector/base/format/duration.ts';
import { formatCount } from '../../../collector/base/format/number.ts';
import { formatTime } from '../../../collector/base/format/time.ts';
import type { StatusName } from '../../charts/status-shape.ts';
import type { HistoryLine } from '../../data/actions/index.ts';
import { type ActionSource, type JsonValue, jsonText, parseJson } from '../../data/browser.ts';
import { commitHref, safeHref } from '../../data/links.ts';
import { markPart, statusPart } from '../../parts/basics.tsx';
import { type Child, make } from '../dom.ts';
import { jsonView } from '../json-view.ts';
import type { ActionDetails } from './store.ts';

/** What the table knows of a row, before its details are there. */
export interface RowFacts {
  type: string;
  status: StatusName;
  atUs: number;
  tookMs: number | undefined;
  run: string;
  writer: string;
  /** The snapshot that was the newest when it happened. */
  state: { href: string; atUs: number } | undefined;
}

/** What can be done with an open record. */
export interface RecordActions {
  close(): void;
  copyLink(button: HTMLElement): void;
  filterRun(run: string): void;
  repository: string | undefined;
}

/** The record of one action: head at once, the rest when `details` has come. */
export function recordView(
  facts: RowFacts,
  details: ActionDetails | undefined,
  actions: RecordActions,
): Node[] {
  const head = make(
    'header',
    { class: 'record-head' },
    make('h2', { title: facts.type }, facts.type),
    make(
      'div',
      { class: 'record-tools' },
      button('Copy link', (event) => actions.copyLink(event.currentTarget as HTMLElement)),
      button('Close', actions.close, 'Close the record'),
    ),
  );
  const took = facts.tookMs === undefined ? '' : ` after ${formatDuration(facts.tookMs)}`;
  const parts: Node[] = [
    head,
    make(
      'p',
      { class: 'record-status' },
      statusPart(facts.status),
      facts.status === 'running' ? '' : took,
      wordNote(facts, details),
    ),
    factList(facts, details, actions),
  ];
  if (details === undefined) return [...parts, make('p', { class: 'pale' }, 'Loading the details …')];
  if (details.error !== null)
    parts.push(section('Error', make('pre', { class: 'record-error' }, details.error)));
  parts.push(section('Details', jsonView(parse(details.details))));
  if (details.history !== null)
    parts.push(
      section('History of this action', historyList(parse(details.history) as unknown as HistoryLine[])),
    );
  if (details.extra !== null) parts.push(section('Other fields of the line', jsonView(parse(details.extra))));
  parts.push(sourceOf(details));
  return parts;
}

function wordNote(facts: RowFacts, details: ActionDetails | undefined): Child {
  if (details === undefined) return undefined;
  if (details.status_from === 'action.status' && details.status_word === facts.status) return undefined;
  const from = details.status_from === 'action.status' ? '' : `, from ${details.status_from}`;
  return make('span', { class: 'pale' }, ` recorded as “${details.status_word}”${from}`);
}

function factList(facts: RowFacts, details: ActionDetails | undefined, actions: RecordActions): HTMLElement {
  const list = make('dl', { class: 'facts' });
  const add = (name: string, ...values: Child[]) =>
    list.append(make('dt', {}, name), make('dd', {}, ...values));
  const zone = details?.zoneless === true ? ' (no zone in the file, taken as UTC)' : ' UTC';
  const started = details?.started_at ?? undefined;
  const differs = started !== undefined && started !== facts.atUs;
  add(differs ? 'Recorded' : 'Time', `${preciseTime(facts.atUs)}${zone}`);
  if (differs) add('Started', `${preciseTime(started)} UTC`);
  if (details?.ended_at != null) add('Ended', `${preciseTime(details.ended_at)} UTC`);
  if (facts.tookMs !== undefined) add('Duration', formatDuration(facts.tookMs));
  if (facts.run !== '')
    add(
      'Run',
      button(facts.run, () => actions.filterRun(facts.run), `Show the actions of ${facts.run}`),
    );
  const source = details?.source == null ? undefined : (parse(details.source) as ActionSource);
  if (source?.commit !== undefined) add('Commit', commitOf(source, actions.repository));
  if (facts.writer !== '') add('Writer', ...writerOf(facts.writer, source));
  if (facts.state !== undefined) {
    add('State then', make('a', { href: facts.state.href }, `snapshot of ${formatTime(facts.state.atUs)}`));
  }
  return list;
}

function commitOf(source: ActionSource, repository: string | undefined): HTMLElement {
  const text = `${String(source.commit).slice(0, 9)}${source.branch === undefined ? '' : ` ${source.branch}`}`;
  const href = commitHref(repository, String(source.commit));
  return href === undefined
    ? make('span', { class: 'mono' }, text)
    : make('a', { class: 'mono', href, rel: 'noreferrer' }, text);
}

function writerOf(writer: string, source: ActionSource | undefined): Child[] {
  const href = safeHref(source?.url);
  const more = [
    source?.host !== writer ? source?.host : undefined,
    source?.pid === undefined ? undefined : `process ${source.pid}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
  const name = href?.startsWith('http') ? make('a', { href, rel: 'noreferrer' }, writer) : writer;
  return [name, more === '' ? undefined : make('span', { class: 'pale' }, `, ${more}`)];
}

function historyList(lines: HistoryLine[]): HTMLElement {
  const list = make('ol', { class: 'history' });
  for (const line of lines) {
    const status = line.status as StatusName;
    const entry = make(
      'li',
      {},
      make('span', { class: 'mono' }, line.at === null ? 'no time' : formatTime(line.at)),
      make('span', { class: 'status' }, markPart(status), line.word),
      make('span', { class: 'pale history-place' }, `line ${formatCount(line.line)}`),
    );
    if (line.details !== undefined && jsonText(line.details) !== '{}') {
      const fold = make('details', {}, make('summary', {}, 'details'));
      fold.addEventListener('toggle', () => {
        if (fold.childElementCount === 1) fold.append(jsonView(line.details as JsonValue));
      });
      entry.append(fold);
    }
    list.append(entry);
  }
  return list;
}

function sourceOf(details: ActionDetails): HTMLElement {
  const place = make(
    'p',
    { class: 'mono record-source' },
    `${details.file}, line ${formatCount(details.line)}`,
  );
  return section('Source', place, make('p', { class: 'mono pale record-source' }, details.key));
}

function section(title: string, ...children: Node[]): HTMLElement {
  return make('section', {}, make('h3', {}, title), ...children);
}

function button(text: string, act: (event: Event) => void, label?: string): HTMLButtonElement {
  const element = make('button', { type: 'button', class: 'link', 'aria-label': label }, text);
  element.addEventListener('click', act);
  return element;
}

function preciseTime(us: number): string {
  const ms = Math.floor(us / 1000) % 1000;
  return `${formatTime(us)}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`;
}

function parse(text: string): JsonValue {
  try {
    return parseJson(text) as JsonValue;
  } catch {
    return text;
  }
}
