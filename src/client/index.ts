import { DaybookCompare } from './compare.ts';
import { DaybookExplorer } from './explorer.ts';
import { DaybookFieldHistory } from './field-history.ts';
import { keepTimesFresh } from './relative-times.ts';
import { DaybookRuns } from './runs.ts';
import { prepareShortcuts } from './shortcuts.ts';
import { prepareTheme } from './theme.ts';
import { DaybookVersion } from './version-shell.ts';
import { DaybookVersions } from './versions.ts';

prepareTheme();
prepareShortcuts();
keepTimesFresh();
customElements.define('daybook-explorer', DaybookExplorer);
customElements.define('daybook-compare', DaybookCompare);
customElements.define('daybook-field-history', DaybookFieldHistory);
customElements.define('daybook-runs', DaybookRuns);
customElements.define('daybook-versions', DaybookVersions);
customElements.define('daybook-version', DaybookVersion);
