import { z } from 'zod';
import { actionLineSchema, blobReferenceSchema } from './actions/schema.ts';
import { configSchema } from './config/schema.ts';
import { experimentBesideSchema, experimentSchema, metricsLineSchema } from './experiments/schema.ts';
import { findingSchema } from './findings/schema.ts';
import { ledgerJournalSchema, ledgerSchema } from './ledger/schema.ts';
import { receiptFileSchema } from './receipts/schema.ts';
import {
  siteFindingsSchema,
  siteFleetSchema,
  siteIndexSchema,
  siteRunsSchema,
  siteSummarySchema,
} from './site/schema.ts';
import { periodicSnapshotSchema } from './snapshots/schema.ts';
import {
  bundleManifestSchema,
  versionDeltaSchema,
  versionExportSchema,
  versionPinSchema,
  versionRegistrySchema,
  versionSchema,
} from './versions/schema.ts';

/** The JSON Schema of every file kind, by name, made from the schemas that check what is written. */
export function jsonSchemas(): Record<string, object> {
  const schemas = {
    action: actionLineSchema,
    blob: blobReferenceSchema,
    periodic: periodicSnapshotSchema,
    finding: findingSchema,
    receipt: receiptFileSchema,
    ledger: ledgerSchema,
    'ledger-journal': ledgerJournalSchema,
    experiment: experimentSchema,
    'experiment-daybook': experimentBesideSchema,
    metrics: metricsLineSchema,
    version: versionSchema,
    'version-registry': versionRegistrySchema,
    'version-delta': versionDeltaSchema,
    'version-pin': versionPinSchema,
    'version-export': versionExportSchema,
    'bundle-manifest': bundleManifestSchema,
    'api-index': siteIndexSchema,
    'api-summary': siteSummarySchema,
    'api-runs': siteRunsSchema,
    'api-findings': siteFindingsSchema,
    'api-fleet': siteFleetSchema,
    'daybook-yaml': configSchema.describe('The settings of a book, every one of them optional'),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    ]),
  );
}
