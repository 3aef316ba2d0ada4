import { DaybookTimeTravel } from '../time-travel/time-travel.ts';
import { DaybookCompare } from './compare.ts';
import { DaybookFieldHistory } from './field-history.ts';

// The script of the list of snapshots and of two of them, or of two versions, side by side.
customElements.define('daybook-compare', DaybookCompare);
customElements.define('daybook-field-history', DaybookFieldHistory);
customElements.define('daybook-time-travel', DaybookTimeTravel);
