import { z } from 'zod';

const name = z.string().min(1).max(120);

/** metadata/<version>.json, and the same in registry.json. */
export const versionSchema = z
  .looseObject({
    version: name.describe('Name of the version'),
    created_at: z.string().describe('ISO time with zone'),
    tags: z.array(z.string()).describe('Tags'),
    description: z.string().describe('Description'),
    user_info: z
      .record(z.string(), z.json())
      .describe('What the user wrote down; `delta_base_version` in it names the base of a delta'),
    checksum: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .describe('sha256 of the canonical JSON (RFC 8785) of the content; null where it is not known'),
    size_bytes: z.number().int().describe('Size of the whole content as JSON'),
    entry_count: z.number().int().describe('Members of an object, elements of a list, 0 for anything else'),
    stored_bytes: z.number().int().optional().describe('Bytes of the content on disk'),
    chain: z
      .array(z.string())
      .max(9)
      .optional()
      .describe('Of a delta: names from the whole version that starts the chain to the base'),
  })
  .describe('snapshots/store/metadata/<version>.json: what is known of a version beside its content');

/** registry.json. */
export const versionRegistrySchema = z
  .looseObject({
    snapshots: z
      .record(z.string().describe('version'), versionSchema.describe('As in metadata/<version>.json'))
      .describe('Metadata by version, oldest first'),
    periodic: z
      .record(z.string().describe('id'), z.object({ tags: z.array(z.string()).describe('Tags') }))
      .optional()
      .describe('Tags of periodic snapshots by id'),
  })
  .describe('snapshots/store/registry.json: the list that the original reads; metadata/ is the truth');

/** periodic/<id>.json. */
export const versionPinSchema = z
  .strictObject({
    snapshot_id: z.string().describe('Id of the periodic snapshot'),
    tags: z.array(z.string()).min(1).describe('Its tags'),
  })
  .describe('snapshots/store/periodic/<id>.json: the tags of a periodic snapshot');

const pointer = z
  .string()
  .regex(/^(\/.*)?$/s)
  .describe('JSON Pointer (RFC 6901)');

/** data/<version>.patch.json. */
export const versionDeltaSchema = z
  .union([
    z
      .array(
        z.strictObject({
          op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']).describe('What is done'),
          path: pointer,
          from: pointer.optional(),
          value: z.json().optional().describe('The new value'),
        }),
      )
      .describe('Between objects or lists: a JSON Patch (RFC 6902)'),
    z
      .strictObject({
        lines: z
          .array(z.tuple([z.number().int(), z.number().int(), z.array(z.string())]))
          .describe('[first line, how many go, lines that come instead], in the numbers of the old text'),
      })
      .describe('Between texts'),
  ])
  .describe('snapshots/store/data/<version>.patch.json: what changed since the base');

/** One version in a file of its own. */
export const versionExportSchema = z
  .strictObject({
    data: z.json().describe('The whole content'),
    metadata: versionSchema.describe('As in metadata/<version>.json, for the content whole'),
    exported_at: z.string().describe('ISO time with zone'),
    source_id: z.string().describe('Name of the version'),
  })
  .describe('A version as `daybook store export` writes it, also each file of a bundle');

/** manifest.json of a bundle. */
export const bundleManifestSchema = z
  .strictObject({
    format: z.literal('daybook-versions').describe('Which kind of archive this is'),
    exported_at: z.string().describe('ISO time with zone'),
    versions: z
      .array(
        z.strictObject({
          version: name.describe('Name of the version'),
          file: z
            .string()
            .regex(/^versions\/\d{6}\.json$/)
            .describe('Its export in the archive'),
          bytes: z.number().int().describe('Size of that file'),
          sha256: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .describe('sha256 of that file'),
        }),
      )
      .describe('What the archive holds'),
    unreadable: z
      .array(
        z.strictObject({
          version: z.string().describe('Name of the version'),
          reason: z.string().describe('Why it could not be read'),
        }),
      )
      .optional()
      .describe('What the archive should hold and does not'),
  })
  .describe('manifest.json of a .tar.gz bundle of versions');
