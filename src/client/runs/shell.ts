import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { Counted } from '../../data/book/counts.ts';
import { lineageAround, namesOfRun, type RunActions, type RunPageFacts } from '../../data/runs/page.ts';
import { type PeerRun, peerGroup, type RunPeers } from '../../data/runs/peers.ts';
import type { LineageGraph, RunDetails } from '../../data/runs/types.ts';
import { runPage } from '../../parts/runs/page.tsx';
import { addressParameters } from '../actions/view-state.ts';
import { type DataFiles, dataFiles } from '../data-files.ts';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import { RunDetailsStore } from './details-store.ts';
import { RunStore } from './store.ts';

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
    const files = dataFiles(this.dataset['base'] ?? 'data/runs/', 'runs/');
    const store = await RunDetailsStore.open(files);
    const [run, series, verdict, graph, named] = await Promise.all([
      store.detailsOf(slug),
      store.seriesOf(slug),
      store.verdictOf(slug),
      files.json('lineage') as Promise<LineageGraph>,
      files.json('actions') as Promise<Counted[]>,
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
      varying: new Set(params.filter(({ distinct }) => distinct > 1).map(({ name }) => name)),
      among: store.index.total > 1 ? 'book' : undefined,
      peers: await peersOf(files, run),
      before: undefined,
      after: undefined,
      actions: actionsOf(run, named),
      previews: [],
      noPreviews: `Pictures, tables and texts are shown on the pages of the newest ${plural(store.index.pages, 'run')}; this is where the files lie.`,
      lineage: lineageAround(graph, slug),
      repository: this.dataset['repository'],
      up: '',
      hrefOf: (other) => store.hrefOf(other),
      nowUs: Number(this.dataset['built']),
    };
    this.replaceChildren(print(runPage(facts)));
    document.title = document.title.replace(/^[^·]*/, `${plainText(run.name)} `);
    this.dataset['ready'] = '';
  }

  #say(text: string): void {
    find(this, '[data-said]').textContent = text;
  }
}

/** So many runs are read to hold one against them; in larger books only what it was made from stands beside it. */
const mostRead = 20_000;

/** Runs of the same name, from the table of all: what the build knows of the newest ones. */
async function peersOf(files: DataFiles, run: RunDetails): Promise<RunPeers> {
  const store = await RunStore.open(files);
  const { columns, total } = store.index;
  if (total > mostRead) return peerGroup([], columns)(run);
  await store.loadAll(() => {});
  const metrics = store.columns.filter(
    ({ group, name }) => group === 'metric' && Object.hasOwn(run.metrics, name),
  );
  await store.need([...metrics.map(({ id }) => id), 'series']);
  const members: PeerRun[] = [];
  for (let row = 0; row < total; row++) {
    if (store.identifier(row) !== run.identifier) continue;
    const own: Record<string, number> = Object.create(null);
    for (const column of metrics) {
      const value = store.value(row, column);
      if (typeof value === 'number') own[column.name] = value;
    }
    members.push({
      slug: store.slug(row),
      name: store.name(row),
      status: store.status(row),
      stale: store.staleWhy(row),
      metrics: own,
      hasCurves: Number(store.value(row, store.columnOf('series')!) ?? 0) > 0,
    });
  }
  return peerGroup(members, columns)(run);
}

/** What the whole log has about a run, by name. */
function actionsOf(run: RunDetails, named: Counted[]): RunActions {
  const names = namesOfRun(run);
  return {
    shown: [],
    named: named.filter(({ value }) => names.has(value)).map(({ value, count }) => ({ name: value, count })),
  };
}
