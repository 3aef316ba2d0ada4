import type { ActionView } from '../../data/actions/types.ts';
import { actionHref } from '../../data/links.ts';
import type { AttentionItem } from '../../data/overview/attention-item.ts';
import { agoPart, markPart, statusPart, timePart } from '../basics.tsx';
import { type Part, part } from '../part.ts';

/** Things to look at, each with its mark and word, what it is, the error, and when. */
export function attentionList(items: AttentionItem[], nowUs: number): Part {
  return (
    <ul class="rows">
      {items.map((item) => (
        <li class="attention">
          <span class="status">
            {markPart(item.mark)}
            <span class="status-word">{item.word}</span>
          </span>
          <div class="attention-what">
            <a class="quiet-link" href={item.href} title={`${item.title} ${item.summary}`}>
              <b>{item.title}</b> <span class="dim">{item.summary}</span>
            </a>
            {item.detail !== '' && (
              <p class="attention-detail mono" title={item.detail}>
                {item.detail}
              </p>
            )}
          </div>
          <span class="attention-when">
            {item.atUs === undefined ? <span class="pale">Health</span> : timePart(item.atUs, nowUs)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What has begun and not ended, with the time since it began. */
export function runningList({
  actions,
  more,
  nowUs,
}: {
  actions: ActionView[];
  more: number;
  nowUs: number;
}): Part {
  return (
    <ul class="rows">
      {actions.map((action) => (
        <li class="attention">
          {statusPart(action.status, action.statusWord)}
          <a class="attention-what quiet-link" href={actionHref('', action.key)}>
            <b>{action.run ?? action.type}</b> <span class="dim">{action.summary}</span>
          </a>
          <span class="attention-when">began {agoPart(action.atUs, nowUs)}</span>
        </li>
      ))}
      {more > 0 && (
        <li class="attention">
          <a href="actions.html?status=running">{more} more</a>
        </li>
      )}
    </ul>
  );
}
