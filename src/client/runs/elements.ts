import { DaybookLineage } from '../lineage/lineage.ts';
import { DaybookCompareRuns } from './compare.ts';
import { DaybookCurves } from './curves/element.ts';
import { DaybookRun } from './shell.ts';

// A script of their own: laying out graphs is heavy, and only three pages do it.
customElements.define('daybook-compare-runs', DaybookCompareRuns);
customElements.define('daybook-curves', DaybookCurves);
customElements.define('daybook-lineage', DaybookLineage);
customElements.define('daybook-run', DaybookRun);
