import { DaybookExplorer } from './explorer.ts';

// The script of the page of actions.
customElements.define('daybook-explorer', DaybookExplorer);
