import { find, make } from '../dom.ts';

/** Whether a page hears of what is recorded, does not, or does not listen because nobody looks at it. */
export type Hearing = 'live' | 'lost' | 'paused';

const words: Record<Exclude<Hearing, 'paused'>, [text: string, title: string]> = {
  live: ['live', 'What is recorded appears on this page by itself.'],
  lost: [
    'connection lost, trying again',
    'This page shows what it heard last. daybook serve may have ended.',
  ],
};

/** Says at the head of the page whether it is live. While nobody looks, what it said last stays. */
export function sayHearing(hearing: Hearing): void {
  document.documentElement.toggleAttribute('data-live', hearing === 'live');
  const known = document.querySelector<HTMLElement>('[data-hearing]');
  if (hearing === 'paused') return;
  const shown = known ?? make('span', { class: 'live-state', role: 'status' });
  const [text, title] = words[hearing];
  if (shown.dataset['hearing'] === hearing) return;
  shown.dataset['hearing'] = hearing;
  shown.title = title;
  shown.textContent = text;
  if (known === null) find(document, '.page-tools').prepend(shown);
}
