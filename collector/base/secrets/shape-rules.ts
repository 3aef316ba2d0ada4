import { HintFinder } from './hint-finder.ts';
import { type SecretShape, secretShapes } from './shapes.ts';

/** A token found by its shape. */
export interface FoundShape {
  shape: SecretShape;
  index: number;
  length: number;
}

const all = new HintFinder(secretShapes, ({ hints }) => hints);
const sure = new HintFinder(
  secretShapes.filter(({ isSure }) => isSure),
  ({ hints }) => hints,
);

/** Whether a token of a known shape stands in a text; with `onlySure` one that is surely a secret. */
export function hasShape(text: string, onlySure = false): boolean {
  // Not test(), which would leave a place in the expression for the one who uses it next.
  return (onlySure ? sure : all).some(text, (shape) => text.search(patternOf(shape)) !== -1);
}

/** Puts a note of its kind in the place of every token of a known shape. */
export function maskShapes(text: string): string {
  let clean = text;
  for (const shape of inOrder(text)) {
    clean = clean.replace(patternOf(shape), `‹masked: ${shape.rule.replaceAll('-', ' ')}›`);
  }
  return clean;
}

/** The tokens of known shapes in a text, in the order of the table. */
export function findShapes(text: string): FoundShape[] {
  return inOrder(text).flatMap((shape) =>
    [...text.matchAll(patternOf(shape))].map((found) => ({
      shape,
      index: found.index,
      length: found[0].length,
    })),
  );
}

/** A key within a key ("sk-ant-…" is no OpenAI key) goes by the first row that fits. */
function inOrder(text: string): SecretShape[] {
  const found = new Set<SecretShape>();
  all.some(text, (shape) => !found.add(shape));
  return found.size < 2 ? [...found] : secretShapes.filter((shape) => found.has(shape));
}

const patterns = new Map<string, RegExp>();

function patternOf({ rule, pattern }: SecretShape): RegExp {
  const known = patterns.get(rule) ?? new RegExp(pattern, 'g');
  patterns.set(rule, known);
  return known;
}
