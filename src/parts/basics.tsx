import { formatRelative } from '../../collector/base/format/duration.ts';
import { formatMoment, formatTime, isoTime } from '../../collector/base/format/time.ts';
import { shorten } from '../../collector/base/format/words.ts';
import { type MarkName, shapeBox, statusShape } from '../charts/status-shape.ts';
import type { HealthName } from '../charts/time-travel.ts';
import { notRecorded } from '../data/browser.ts';
import { type Inside, type Part, part } from './part.ts';

/** Names of classes; what is false or undefined is left out. */
export function names(...given: (string | false | undefined)[]): string {
  return given.filter(Boolean).join(' ');
}

/** A mark alone, for places where its word stands beside it. */
export function markPart(name: MarkName): Part {
  const shape = statusShape(name);
  return (
    <svg
      class={`mark mark-${name}${shape.filled ? ' mark-filled' : ''}`}
      viewBox={`0 0 ${shapeBox} ${shapeBox}`}
      aria-hidden="true"
      focusable="false"
    >
      <path d={shape.path} />
    </svg>
  );
}

/** A status as its mark and its word; `word` is what the file itself says and stands for a status that is none of the known. */
export function statusPart(status: MarkName, word?: string): Part {
  const own = status === 'unknown' && word !== undefined && word.trim() !== '' ? word : undefined;
  const isRecorded = word !== undefined && word !== status && word !== notRecorded;
  const title = isRecorded ? `${status}, recorded as “${word}”` : undefined;
  return (
    <span class={own === undefined ? 'status' : 'status status-own'} title={title}>
      {markPart(status)}
      <span class="status-word">{own === undefined ? status : shorten(own, 200)}</span>
    </span>
  );
}

/** A mark and any words of ours beside it. */
export function markedPart(name: MarkName, ...words: Inside[]): Part {
  return (
    <span class="status">
      {markPart(name)}
      <span class="status-word">{words}</span>
    </span>
  );
}

const healthMarks = {
  operational: 'completed',
  degraded: 'degraded',
  failing: 'failed',
  unknown: 'unknown',
} as const;

/** How the system was, as a mark and its word. */
export function healthPart(health: HealthName): Part {
  return markedPart(healthMarks[health], health);
}

/** A time in the fixed form; with `nowUs` as "Nov 20, 16:18", the whole in reach. */
export function timePart(us: number, nowUs?: number): Part {
  const iso = isoTime(us);
  if (iso === undefined) return <span class="no-time">no time</span>;
  if (nowUs !== undefined)
    return (
      <time datetime={iso} title={`${formatTime(us)} UTC`}>
        {formatMoment(us, nowUs)}
      </time>
    );
  const [date, clock] = formatTime(us).split(' ');
  return (
    <time datetime={iso}>
      <span>{date ?? ''}</span> <span>{clock ?? ''}</span>
    </time>
  );
}

/** A time as "12 minutes ago", kept fresh by the script of the page. */
export function agoPart(us: number, nowUs: number): Part {
  const iso = isoTime(us);
  if (iso === undefined) return timePart(us);
  return (
    <time datetime={iso} title={`${formatTime(us)} UTC`} data-relative="">
      {formatRelative(us, nowUs)}
    </time>
  );
}

/** A path or dotted name that breaks only behind its dots, slashes and underscores. */
export function pathPart(path: string): Inside {
  return path.split(/(?<=[._\]/\\])/).flatMap((piece, index) => (index === 0 ? [piece] : [<wbr />, piece]));
}

/** A code-like value. */
export function monoPart(text: string, title?: string): Part {
  return (
    <span class="mono" title={title}>
      {text}
    </span>
  );
}

/** A link; without an address only its text. */
export function linkPart(href: string | undefined, inside: Inside, kind?: string): Part {
  return href === undefined ? (
    <span class={kind}>{inside}</span>
  ) : (
    <a class={kind} href={href} rel={/^https?:/i.test(href) ? 'noreferrer' : undefined}>
      {inside}
    </a>
  );
}

/** A titled part of a page; `legend` stands beside the title, `note` at its end, `id` is where links lead to. */
export function Panel(
  given: { title: string; id?: string; note?: Inside; legend?: Inside; flush?: boolean; children?: Inside },
  ...inside: Inside[]
): Part {
  const heading = `${given.id ?? given.title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-heading`;
  return (
    <section class={names('panel', given.flush && 'panel-flush')} id={given.id} aria-labelledby={heading}>
      <header class="panel-head">
        <h2 id={heading}>{given.title}</h2>
        {given.legend}
        {given.note !== undefined && given.note !== false && given.note !== '' && (
          <div class="panel-note">{given.note}</div>
        )}
      </header>
      {inside}
    </section>
  );
}

/** The head of a page: its title, and what a reader should know first. */
export function titlePart(title: Inside, lead?: Inside): Part {
  return (
    <div class="page-title">
      <h1>{title}</h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
    </div>
  );
}

/** What stands where nothing is yet: one sentence, and the command that changes it. */
export function emptyPart(text: string, command?: string): Part {
  return (
    <div class="empty">
      <p>{text}</p>
      {command !== undefined && (
        <pre class="command">
          <code>{command}</code>
        </pre>
      )}
    </div>
  );
}

/** Names and values in two columns; what has no value is left out. */
export function factsPart(facts: readonly (readonly [name: string, value: Inside])[]): Part {
  return (
    <dl class="about">
      {facts
        .filter(([, value]) => value !== undefined && value !== false && value !== '')
        .map(([name, value]) => [<dt>{name}</dt>, <dd>{value}</dd>])}
    </dl>
  );
}

/** Something folded that the reader can open. */
export function foldPart(summary: Inside, ...inside: Inside[]): Part {
  return (
    <details class="fold">
      <summary>{summary}</summary>
      {inside}
    </details>
  );
}

/** Recorded text as it is, in a box of its own. */
export function rawPart(text: string): Part {
  return (
    <pre class="raw" tabindex={0}>
      <code>{text}</code>
    </pre>
  );
}
