import { DaybookCompare } from './compare.ts';
import { DaybookCompareRuns } from './compare-runs.ts';
import { DaybookExplorer } from './explorer.ts';
import { DaybookFieldHistory } from './field-history.ts';
import { DaybookLineage } from './lineage.ts';
import { keepTimesFresh } from './relative-times.ts';
import { DaybookRun } from './run-shell.ts';
import { prepareShortcuts } from './shortcuts.ts';
import { prepareTheme } from './theme.ts';

prepareTheme();
prepareShortcuts();
keepTimesFresh();
customElements.define('daybook-explorer', DaybookExplorer);
customElements.define('daybook-compare', DaybookCompare);
customElements.define('daybook-field-history', DaybookFieldHistory);
customElements.define('daybook-compare-runs', DaybookCompareRuns);
customElements.define('daybook-lineage', DaybookLineage);
customElements.define('daybook-run', DaybookRun);
