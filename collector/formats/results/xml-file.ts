import { showText } from '../../base/show.ts';
import { readXml, type XmlEvents } from '../../base/xml/read-xml.ts';
import type { Finding } from '../findings/finding.ts';
import type { Report } from './read-json.ts';

const mostMistakes = 5;

/** What an XML file of results is told to hold where it does not, and what becomes of that. */
export interface ExpectedXml {
  what: string;
  /** The names that the element around all may have. */
  roots: readonly string[];
  hint: string;
}

/** Reads an XML file whose outermost element has one of these names; of any other nothing is told but a finding. */
export function readXmlFile(
  { path, text }: { path: string; text: string },
  { what, roots, hint }: ExpectedXml,
  events: Omit<XmlEvents, 'mistake'>,
  report: Report,
): void {
  const tell = (code: Finding['code'], severity: Finding['severity'], found: string, more: object) =>
    report({ code, severity, file: path, expected: what, found, hint, ...more });
  const foreign = { expected: `${what}, within <${roots.join('> or <')}>`, hint: foreignHint };
  if (text.trim() === '') {
    tell('empty-file', 'warning', 'no text', {});
    return;
  }
  if (!text.includes('<')) {
    tell('wrong-schema', 'note', showText(text.trim()), foreign);
    return;
  }
  let root: string | undefined;
  let mistakes = 0;
  const isMeant = () => root === undefined || roots.includes(root);
  readXml(text, {
    open(name, attributes, line) {
      root ??= name;
      if (isMeant()) events.open(name, attributes, line);
    },
    close(name, isWhole) {
      if (isMeant()) events.close(name, isWhole);
    },
    text(piece) {
      if (isMeant()) events.text?.(piece);
    },
    mistake(line, expected, found) {
      mistakes += 1;
      if (mistakes <= mostMistakes && isMeant())
        tell('wrong-shape', 'warning', showText(found), { line, expected });
    },
  });
  if (!isMeant() || root === undefined) {
    tell('wrong-schema', 'note', root === undefined ? 'no element' : `<${showText(root)}>`, foreign);
  } else if (mistakes > mostMistakes) {
    tell('wrong-shape', 'warning', `${mistakes - mostMistakes} more places that are none`, {});
  }
}

const foreignHint = 'Nothing needs to be done if it is of another program.';
