import { z } from 'zod';
import { type Mapping, parseMapping } from '../imports/mapping.ts';

const map = z
  .string()
  .max(1000)
  .refine((text) => parseMapping(text).problem === undefined, {
    error: 'part=member pairs with a time, e.g. "time=ts,type=event,status=result"',
  });

/** `imports:` as a user writes it. */
export const importMapsSchema = z.record(z.string().min(1).max(100), map);

/** The mappings as they are used. */
export function resolveImportMaps(
  input: z.infer<typeof importMapsSchema> | undefined,
): Record<string, Mapping> {
  const maps: Record<string, Mapping> = Object.create(null);
  for (const [name, text] of Object.entries(input ?? {})) maps[name] = parseMapping(text).mapping;
  return maps;
}
