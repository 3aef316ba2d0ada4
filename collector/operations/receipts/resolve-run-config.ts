import type { JsonObject } from '../../base/json/json.ts';
import { jsonText } from '../../base/json/text.ts';
import { showText } from '../../base/show.ts';
import { resolveConfig, type Variable } from '../../formats/interpolation/resolve.ts';
import { maskingOf } from '../../store/book-masking.ts';

/** A configuration as a receipt has it. */
export interface RunConfig {
  config: JsonObject;
  /** The text of each value that held interpolations, by its place. */
  texts: Record<string, string>;
  /** A sentence for every value that could not be resolved and stands as it is written. */
  notes: string[];
}

/**
 * A configuration with its interpolations resolved, as the program sees it. Of the environment it takes the variables that are
 * chosen to be recorded and no others, secrets masked: what a receipt holds may be published.
 */
export async function resolveRunConfig(
  root: string,
  config: JsonObject,
  { env, variables }: { env: NodeJS.ProcessEnv; variables: readonly string[] },
): Promise<RunConfig> {
  // Most configurations hold none: they pay for a look alone.
  if (!jsonText(config).includes('${')) return { config, texts: {}, notes: [] };
  const masking = await maskingOf(root);
  const variable = (name: string): Variable => {
    const value = env[name];
    if (value === undefined) return 'unset';
    if (!variables.includes(name)) return 'withheld';
    const clean = masking.values<JsonObject>({ [name]: value })[name];
    return { value: String(clean) };
  };
  const { config: resolved, texts, unresolved } = resolveConfig(config, variable);
  return { config: resolved, texts, notes: unresolved.map(noteOf) };
}

function noteOf({ place, text, reason }: { place: string; text: string; reason: string }): string {
  const name = /^the variable (\S+) is not among/.exec(reason)?.[1];
  const remedy =
    name === undefined
      ? ''
      : ` Record it with --env ${name}, or always with receipts.environment in daybook.yaml.`;
  return `${showText(place)} is recorded as it is written, ${showText(text)}: ${reason}.${remedy}`;
}
