import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml';

/** Where an error of the parser begins for a person, and what it is in plain words. */
export interface YamlMistake {
  offset: number;
  message: string;
}

/** What the parser complains of: what was opened and never closed is named where it was opened, not where the text ends. */
export function yamlMistakes(document: Document): YamlMistake[] {
  return [...document.errors, ...document.warnings].map((error) => mistakeOf(document, error));
}

function mistakeOf(document: Document, { code, message, pos: [offset] }: YAMLError): YamlMistake {
  if (code === 'MULTIPLE_DOCS')
    return { offset, message: 'a second document begins here, where one was expected' };
  const quote = /Missing closing (["'])/.exec(message)?.[1];
  if (quote !== undefined)
    return { offset: openedAt(document, offset, true), message: `the quote ${quote} is never closed` };
  const end = /must (?:be sufficiently indented and )?end with a ([\]}])/.exec(message)?.[1];
  if (end !== undefined) {
    const bracket = end === ']' ? '[' : '{';
    const opened = openedAt(document, offset, false);
    return {
      offset: opened,
      message: `the bracket ${bracket} is not closed, or what is in it is not indented`,
    };
  }
  return { offset, message };
}

/** Where the innermost quoted text, or list or map in brackets, around a place begins; the place itself where there is none. */
function openedAt(document: Document, offset: number, isQuote: boolean): number {
  let opened = -1;
  const look = (node: Node) => {
    const [from = -1, , to = -1] = node.range ?? [];
    if (from > opened && from < offset && to >= offset) opened = from;
  };
  visit(document, {
    Scalar(_, node) {
      if (isQuote && isScalar(node) && /^QUOTE/.test(node.type ?? '')) look(node);
    },
    Collection(_, node) {
      if (!isQuote && isCollection(node) && node.flow === true) look(node);
    },
  });
  return opened < 0 ? offset : opened;
}
