import { z } from 'zod';
import { actionLineSchema, blobReferenceSchema } from './action-schema.ts';
import { configSchema } from './config-schema.ts';
import { experimentBesideSchema, experimentSchema, metricsLineSchema } from './experiment-schema.ts';
import { findingSchema } from './finding-schema.ts';
import { ledgerJournalSchema, ledgerSchema } from './ledger-schema.ts';
import { periodicSnapshotSchema } from './periodic-schema.ts';
import { receiptFileSchema } from './receipt-schema.ts';
import {
  bundleManifestSchema,
  versionDeltaSchema,
  versionExportSchema,
  versionPinSchema,
  versionRegistrySchema,
  versionSchema,
} from './version-schema.ts';

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
    'daybook-yaml': configSchema.describe('The settings of a book, every one of them optional'),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    ]),
  );
}
