import type { LineageGraph } from '../data/site-runs.ts';
import { lineageAround, type RunPageFacts } from '../data/views-run.ts';
import { runPage } from '../parts/run-page.ts';
import { dataFiles } from './data-files.ts';
import { find } from './dom.ts';
import { print } from './print.ts';
import { openRunDetails } from './run-details-store.ts';
import { addressParameters } from './view-state.ts';

/** `<daybook-run>`: the page of any run, made from the data files as the build makes the pages of the newest ones. */
export class DaybookRun extends HTMLElement {
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    const slug = addressParameters(location.search, location.hash).get('run');
    if (slug === null || slug === '') return;
    this.#show(slug).catch((error: unknown) => this.#say(`The run could not be read: ${String(error)}`));
  }

  async #show(slug: string): Promise<void> {
    const base = this.dataset['base'] ?? 'data/runs/';
    const store = await openRunDetails(base);
    const [run, series, verdict, graph] = await Promise.all([
      store.detailsOf(slug),
      store.seriesOf(slug),
      store.verdictOf(slug),
      dataFiles(base, 'runs/').json('lineage') as Promise<LineageGraph>,
    ]);
    if (run === undefined) {
      this.#say(`This book has no run called ${slug}.`);
      return;
    }
    const params = store.index.columns.filter(({ kind }) => kind === 'param');
    const facts: RunPageFacts = {
      run,
      series,
      verdict,
      varying: new Set(
        params
          .filter(({ distinct, count }) => distinct > 1 || count < store.index.total)
          .map(({ name }) => name),
      ),
      siblings: store.index.total,
      before: undefined,
      after: undefined,
      actions: { shown: [], named: [] },
      previews: [],
      lineage: lineageAround(graph, slug),
      repository: this.dataset['repository'],
      up: '',
      hrefOf: (other) => store.hrefOf(other),
      nowUs: Number(this.dataset['built']),
    };
    this.replaceChildren(print(runPage(facts)));
    document.title = document.title.replace(/^[^·]*/, `${run.name} `);
    this.dataset['ready'] = '';
  }

  #say(text: string): void {
    find(this, '[data-said]').textContent = text;
  }
}
