import { DaybookRuns } from './explorer.ts';

// The script of the table of runs.
customElements.define('daybook-runs', DaybookRuns);
