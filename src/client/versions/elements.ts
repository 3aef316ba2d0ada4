import { DaybookVersions } from './list.ts';
import { DaybookVersion } from './shell.ts';

// The script of the list of versions, and of those that have no page of their own.
customElements.define('daybook-versions', DaybookVersions);
customElements.define('daybook-version', DaybookVersion);
