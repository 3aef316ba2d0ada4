import type { JsonValue } from '../base/json/json.ts';
import type { ProbeContext } from './context.ts';
import { readYamlObject } from './source-file.ts';

/** What the build manifest says about the newest build, with the fall-backs of the original. */
export async function probeBuildState({ root }: ProbeContext): Promise<JsonValue> {
  const manifest = await readYamlObject(root, 'build_manifest.yaml');
  if (manifest === undefined) return { status: 'no_build_manifest' };
  return {
    build_signature: manifest.build_signature ?? 'UNKNOWN',
    timestamp: manifest.timestamp ?? 'UNKNOWN',
    modules: manifest.modules ?? [],
    provenance_hash: manifest.provenance_hash ?? 'UNKNOWN',
  };
}
