import { DaybookCompareRuns } from './compare-runs.ts';
import { DaybookLineage } from './lineage.ts';
import { DaybookRun } from './run-shell.ts';

// A script of their own: laying out graphs is heavy, and only three pages do it.
customElements.define('daybook-compare-runs', DaybookCompareRuns);
customElements.define('daybook-lineage', DaybookLineage);
customElements.define('daybook-run', DaybookRun);
