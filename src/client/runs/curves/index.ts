import { DaybookCurves } from './element.ts';

// Pages of runs need no more than this: laying out graphs is heavy.
customElements.define('daybook-curves', DaybookCurves);
