import type { RunPlace } from '../../../../formats/config/run-places.ts';
import { readConfigFile } from '../../../config-file.ts';
import { quickFactsOf } from '../../../file-facts.ts';
import { configPath } from '../../../layout.ts';

/** Settings of one book, as long as its file is as it was: many tables ask for them. */
let known: { root: string; facts: string; places: Promise<readonly RunPlace[]> } | undefined;

/** What daybook.yaml says of a table: whether its place is named there, and which column is the step. */
export async function tableSettings(
  root: string,
  path: string,
): Promise<{ isNamed: boolean; step: string | undefined }> {
  const facts = quickFactsOf(configPath(root))?.text ?? '';
  if (known?.root !== root || known.facts !== facts)
    known = { root, facts, places: readConfigFile(root).then(({ config }) => config.runs.places) };
  const places = (await known.places).filter(
    (place) =>
      place.path !== undefined &&
      (place.kind === 'table' || place.step !== undefined) &&
      (place.path === path || path.startsWith(`${place.path}/`)),
  );
  return { isNamed: places.length > 0, step: places.findLast(({ step }) => step !== undefined)?.step };
}
