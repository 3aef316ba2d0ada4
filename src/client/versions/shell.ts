import { plainText } from '../../../collector/base/format/plain.ts';
import { versionLinks } from '../../data/versions/chains.ts';
import { versionPageFacts } from '../../data/versions/page.ts';
import { versionPage } from '../../parts/versions/page.tsx';
import { addressParameters } from '../actions/view-state.ts';
import { dataFiles } from '../data-files.ts';
import { find } from '../dom.ts';
import { print } from '../print.ts';
import { VersionStore } from './store.ts';

/** `<daybook-version>`: the page of any version, made from the data files as the build makes the pages of the newest ones. */
export class DaybookVersion extends HTMLElement {
  #started = false;

  connectedCallback(): void {
    if (this.#started) return;
    this.#started = true;
    const version = addressParameters(location.search, location.hash).get('version');
    if (version === null || version === '') return;
    this.#show(version).catch((error: unknown) =>
      this.#say(`The version could not be read: ${String(error)}`),
    );
  }

  async #show(version: string): Promise<void> {
    const store = await VersionStore.open(dataFiles(this.dataset['base'] ?? 'data/versions/', 'versions/'));
    const view = versionLinks(store.views).viewOf(version);
    const details = view === undefined ? undefined : await store.detailsOf(version);
    if (view === undefined || details === undefined) {
      this.#say(`This book has no version called ${plainText(version)}.`);
      return;
    }
    const before = view.before === undefined ? undefined : await store.detailsOf(view.before);
    const place = { up: '', repository: this.dataset['repository'] };
    const facts = versionPageFacts(store.views, view, { details, before }, place);
    this.replaceChildren(print(versionPage(facts)));
    document.title = document.title.replace(/^[^·]*/, `${plainText(version)} `);
    this.dataset['ready'] = '';
  }

  #say(text: string): void {
    find(this, '[data-said]').textContent = text;
  }
}
