import type { JsonValue } from '../base/json/json.ts';
import type { ProbeContext } from './context.ts';
import { readYamlObject } from './source-file.ts';

/** Name and status of every rail in the build manifest; empty where there is no manifest or it names none. */
export async function probeRailStatus({ root }: ProbeContext): Promise<JsonValue> {
  const manifest = await readYamlObject(root, 'build_manifest.yaml');
  return manifest?.rail_status ?? {};
}
