import { DaybookCopy } from './copy-command.ts';
import { followIfServed } from './live.ts';
import { DaybookLog } from './log/log.ts';
import { tellPageAge } from './page-age.ts';
import { keepTimesFresh } from './relative-times.ts';
import { prepareShortcuts } from './shortcuts.ts';
import { prepareTheme } from './theme.ts';

// The script of every page. What single pages can do beyond that stands in scripts of their own: see src/build/assets.ts.
prepareTheme();
prepareShortcuts();
keepTimesFresh();
tellPageAge();
followIfServed();
customElements.define('daybook-copy', DaybookCopy);
customElements.define('daybook-log', DaybookLog);
