/** What a standard speaks of, how its documents are handed out, and where it is told what it is. */
export interface Standard {
  of: readonly ('runs' | 'actions')[];
  /** lines: a JSON document a line, or one alone; one: a single JSON document; folder: files. */
  form: 'lines' | 'one' | 'folder';
  /** One line of help. */
  about: string;
}

/** The standards that records are handed out by (docs/documents.md). */
export const standards = {
  slsa: { of: ['runs'], form: 'lines', about: 'in-toto Statement v1 with SLSA provenance v1' },
  'in-toto': {
    of: ['runs', 'actions'],
    form: 'lines',
    about: 'in-toto Statement v1 with what Daybook knows',
  },
  'ro-crate': { of: ['runs'], form: 'folder', about: 'Process Run Crate 0.5, a folder for one run' },
  openlineage: { of: ['runs'], form: 'lines', about: 'events of OpenLineage 2-0-2' },
  cloudevents: { of: ['actions'], form: 'lines', about: 'events of CloudEvents 1.0.2' },
  otlp: { of: ['runs', 'actions'], form: 'one', about: "spans as OpenTelemetry's JSON" },
  mlflow: { of: ['runs'], form: 'folder', about: 'an mlruns folder' },
} as const satisfies Record<string, Standard>;

/** Name of a standard, as --as takes it. */
export type StandardName = keyof typeof standards;

/** All of them. */
export const standardNames = Object.keys(standards) as StandardName[];
