import { z } from 'zod';
import { actionLineSchema, blobReferenceSchema } from './action-schema.ts';
import { configSchema } from './config-schema.ts';
import { findingSchema } from './finding-schema.ts';
import { periodicSnapshotSchema } from './periodic-schema.ts';
import { receiptFileSchema } from './receipt-schema.ts';

/** The JSON Schema of every file kind, by name, made from the schemas that check what is written. */
export function jsonSchemas(): Record<string, object> {
  const schemas = {
    action: actionLineSchema,
    blob: blobReferenceSchema,
    periodic: periodicSnapshotSchema,
    finding: findingSchema,
    receipt: receiptFileSchema,
    'daybook-yaml': configSchema,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    ]),
  );
}
