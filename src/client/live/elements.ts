import { addressParameters } from '../actions/view-state.ts';
import { showStates } from './lists.ts';
import { sayHearing, sayNewer } from './notice.ts';
import { LiveRunPage } from './run-page.ts';
import { LiveStream } from './stream.ts';

// A script of its own, loaded only where `daybook serve` shows the page: see live.ts.
const { page, up = '' } = document.body.dataset;
const slug = slugOfPage();
const runPage = slug === undefined ? undefined : new LiveRunPage(slug);
const asked =
  slug !== undefined
    ? `?run=${encodeURIComponent(slug)}`
    : page === 'runs' || page === 'overview'
      ? '?runs'
      : '';

new LiveStream(`${up}events${asked}`, {
  newer: sayNewer,
  states: (states) => (runPage === undefined ? showStates(states) : runPage.states(states)),
  metrics: (metrics) => runPage?.metrics(metrics),
  hearing: sayHearing,
}).start();

/** The run whose page this is, if it may still go on. */
function slugOfPage(): string | undefined {
  if (page !== 'run') return undefined;
  const printed = document.querySelector<HTMLElement>('[data-run]')?.dataset;
  if (printed === undefined) return addressParameters(location.search, location.hash).get('run') ?? undefined;
  return ['running', 'pending', 'unknown'].includes(printed['status'] ?? '') ? printed['run'] : undefined;
}
