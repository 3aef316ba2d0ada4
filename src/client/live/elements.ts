import { addressParameters } from '../actions/view-state.ts';
import { showStates } from './lists.ts';
import { NewsCorner } from './news.ts';
import { sayHearing } from './notice.ts';
import { LiveRunPage } from './run-page.ts';
import { LiveStream } from './stream.ts';

// A script of its own, loaded only where `daybook serve` shows the page: see live.ts.
const { page, up = '' } = document.body.dataset;
const slug = slugOfPage();
const runPage = slug === undefined ? undefined : new LiveRunPage(slug);
const corner = new NewsCorner();

new LiveStream(`${up}events${askedFor()}`, {
  newer: () => corner.newer(),
  actions: ({ actions, total }) => corner.actions(actions, total),
  states(states) {
    if (runPage !== undefined) return runPage.states(states);
    showStates(states);
    corner.runs(states);
  },
  metrics: (metrics) => runPage?.metrics(metrics),
  hearing: sayHearing,
}).start();

function askedFor(): string {
  if (slug !== undefined) return `?run=${encodeURIComponent(slug)}`;
  if (page === 'overview') return '?runs&actions';
  return page === 'runs' || page === 'actions' ? `?${page}` : '';
}

/** The run whose page this is, if it may still go on. */
function slugOfPage(): string | undefined {
  if (page !== 'run') return undefined;
  const printed = document.querySelector<HTMLElement>('[data-run]')?.dataset;
  if (printed === undefined) return addressParameters(location.search, location.hash).get('run') ?? undefined;
  return ['running', 'pending', 'unknown'].includes(printed['status'] ?? '') ? printed['run'] : undefined;
}
