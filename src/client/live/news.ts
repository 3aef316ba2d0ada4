import type { LiveAction, LiveState } from '../../data/runs/live.ts';
import { newsList, newsText, type PageNews } from '../../parts/live/news.tsx';
import { make } from '../dom.ts';
import { print } from '../print.ts';

/** Says in a corner of the page, without moving anything on it, what came since it was made. */
export class NewsCorner {
  readonly #actions = new Map<string, LiveAction>();
  readonly #runs = new Map<string, LiveState>();
  readonly #text = make('span', { role: 'status' });
  readonly #list = make('div', { class: 'live-news-list' });
  readonly #news = make('details', {}, make('summary', {}, this.#text), this.#list);
  readonly #newer = make('p', { hidden: true }, 'A newer state of this book is here.');
  readonly #reload = make('button', { type: 'button', class: 'button', hidden: true }, 'Reload');
  readonly #corner = make(
    'aside',
    { class: 'live-news', 'aria-label': 'New since this page was made' },
    this.#news,
    this.#newer,
    this.#reload,
  );
  #untold = 0;

  constructor() {
    this.#reload.addEventListener('click', () => location.reload());
  }

  /** Takes actions that came; what is built in the meantime is still new to this page. */
  actions(actions: readonly LiveAction[], total: number): void {
    for (const action of actions) this.#actions.set(action.key, action);
    this.#untold = Math.max(this.#untold, total - actions.length);
    this.#show();
  }

  /** Takes how runs stand, of which it says those that the page does not have. */
  runs(states: readonly LiveState[]): void {
    for (const state of states)
      if (state.isNew || this.#runs.has(state.slug)) this.#runs.set(state.slug, state);
    if (this.#runs.size > 0) this.#show();
  }

  /** Says that the pages were built again: this one, asked for once more, has what is new. */
  newer(): void {
    this.#corner.dataset['newer'] = '';
    this.#show();
  }

  #show(): void {
    const news: PageNews = {
      actions: [...this.#actions.values()],
      actionCount: this.#actions.size + this.#untold,
      runs: [...this.#runs.values()],
    };
    const text = newsText(news);
    const isNewer = this.#corner.dataset['newer'] !== undefined;
    if (text === '' && !isNewer) return;
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#news.hidden = text === '';
    this.#newer.hidden = text !== '';
    this.#reload.hidden = !isNewer;
    this.#list.replaceChildren(print(newsList(news, Date.now() * 1000)));
    if (!this.#corner.isConnected) document.body.append(this.#corner);
  }
}
