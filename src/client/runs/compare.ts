import { type ComparedRun, compareRuns, maxCompared } from '../../data/runs/compare.ts';
import { compareRunsPart, comparisonText } from '../../parts/runs/compare.tsx';
import { comparedCurves } from '../../parts/runs/compare-curves.tsx';
import { addressParameters, changeAddress } from '../actions/view-state.ts';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import type { DaybookCurves } from './curves/element.ts';
import { RunDetailsStore } from './details-store.ts';

/** `<daybook-compare-runs>`: the chosen runs side by side; the address holds which, and whether all is shown. */
export class DaybookCompareRuns extends HTMLElement {
  #store!: RunDetailsStore;
  #slugs: string[] = [];
  #all = false;
  #started = false;
  /** The latest wish; what comes back for an older one is thrown away. */
  #wish = 0;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    this.#start().catch((error: unknown) =>
      this.#trouble(`The data files could not be read: ${String(error)}`),
    );
  }

  async #start(): Promise<void> {
    this.#store = await RunDetailsStore.shared(this.dataset['base'] ?? 'data/runs/');
    const wanted = addressParameters(location.search, location.hash);
    this.#all = wanted.get('all') === '1';
    const named = (wanted.get('runs') ?? '').split(',').filter(Boolean);
    const asPrinted = [...this.querySelectorAll<HTMLElement>('[data-slug]')].map(
      (head) => head.dataset['slug']!,
    );
    this.#slugs = (named.length > 0 ? [...new Set(named)] : asPrinted).slice(0, maxCompared);
    const add = find<HTMLSelectElement>(this, '[data-add]');
    const all = find<HTMLInputElement>(this, '[data-all]');
    add.disabled = false;
    all.disabled = false;
    all.checked = this.#all;
    add.addEventListener('change', () => {
      const slug = add.value;
      add.value = '';
      if (slug !== '' && !this.#slugs.includes(slug)) this.#choose([...this.#slugs, slug]);
    });
    all.addEventListener('change', () => {
      this.#all = all.checked;
      this.#choose(this.#slugs);
    });
    this.addEventListener('click', (event) => {
      const slug = (event.target as Element).closest<HTMLElement>('[data-remove]')?.dataset['remove'];
      if (slug === undefined) return;
      this.#choose(this.#slugs.filter((one) => one !== slug));
      add.focus();
    });
    await this.#show();
    this.dataset['ready'] = '';
  }

  #choose(slugs: string[]): void {
    this.#slugs = slugs.slice(0, maxCompared);
    changeAddress({ runs: [this.#slugs.join(',')], all: this.#all ? ['1'] : [] });
    this.#show().catch((error: unknown) => this.#trouble(`The runs could not be read: ${String(error)}`));
  }

  async #show(): Promise<void> {
    this.#wish += 1;
    const wish = this.#wish;
    const [code, commits, ...found] = await Promise.all([
      this.#store.codeChanges(),
      this.#store.commitChanges(),
      ...this.#slugs.map((slug) => this.#read(slug)),
    ]);
    if (wish !== this.#wish) return;
    const compared = found.filter((one) => one !== undefined);
    const unknown = this.#slugs.filter((_, at) => found[at] === undefined);
    this.#trouble(unknown.length === 0 ? '' : `Not in this book: ${unknown.join(', ')}`);
    const add = find<HTMLSelectElement>(this, '[data-add]');
    add.disabled = compared.length >= maxCompared;
    for (const option of add.options)
      option.disabled = option.value !== '' && this.#slugs.includes(option.value);
    const parts = compareRunsPart({
      compared,
      hrefOf: (slug) => this.#store.hrefOf(slug),
      all: this.#all,
      code,
      commits,
      live: true,
    });
    const printed = print(compared.length === 0 ? [] : parts) as DocumentFragment;
    const curves = printed.querySelector<DaybookCurves>('daybook-curves');
    if (curves !== null) curves.given = comparedCurves(compared);
    find(this, '[data-comparison]').replaceChildren(printed);
    const said = document.querySelector('[data-said]');
    if (said !== null)
      said.textContent =
        compared.length === 0
          ? 'No run is chosen.'
          : compared.length === 1
            ? 'One run alone; add another to see what differs.'
            : comparisonText(compareRuns(compared, code, commits));
  }

  async #read(slug: string): Promise<ComparedRun | undefined> {
    const run = await this.#store.detailsOf(slug);
    return run && { run, series: await this.#store.seriesOf(slug) };
  }

  #trouble(text: string): void {
    find(this, '[data-trouble]').textContent = text;
  }
}
