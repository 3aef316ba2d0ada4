import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../collector/base/xml/read-xml.ts';

type Node = [name: string, attributes: Record<string, string>, children: (Node | string)[]];

/** The tree of a document, and what was wrong with it: "line: expected, found". */
function read(text: string): { root: (Node | string)[]; mistakes: string[] } {
  const root: (Node | string)[] = [];
  const open: (Node | string)[][] = [root];
  const mistakes: string[] = [];
  readXml(text, {
    open(name, attributes) {
      const node: Node = [name, { ...attributes }, []];
      open.at(-1)!.push(node);
      open.push(node[2]);
    },
    close() {
      open.pop();
    },
    text(piece) {
      const list = open.at(-1)!;
      const last = list.at(-1);
      if (typeof last === 'string') list[list.length - 1] = last + piece;
      else list.push(piece);
    },
    mistake: (line, expected, found) => mistakes.push(`${line}: ${expected}, ${found}`),
  });
  expect(open).toHaveLength(1);
  return { root, mistakes };
}

describe('readXml', () => {
  it('tells elements, attributes and text, with the entities of XML and numbers of characters', () => {
    const { root, mistakes } = read(
      '<?xml version="1.0"?>\n<!-- a > b --><s:a x=\'1 &lt; "2"\' y="&#x41;&#66;\n&#10;"><b/>t &amp; u<![CDATA[<c> & ]]>\r\n</s:a >\n',
    );
    expect(mistakes).toEqual([]);
    expect(root).toEqual([['a', { x: '1 < "2"', y: 'AB \n' }, [['b', {}, []], 't & u<c> & \n']]]);
  });

  it('never replaces an entity of the document, and opens nothing', () => {
    const bomb = `<!DOCTYPE a [
      <!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;"><!-- ]> --><!ENTITY f SYSTEM "file:///etc/passwd">
      ]><a b="&y;">&y;&f;&#xD800;</a>`;
    expect(read(bomb)).toEqual({ root: [['a', { b: '&y;' }, ['&y;&f;\ufffd']]], mistakes: [] });
  });

  it.each<[string, unknown[], string[]]>([
    ['<a><b></a>', [['a', {}, [['b', {}, []]]]], ['1: </b>, </a>']],
    ['<a>\n<b>\n', [['a', {}, ['\n', ['b', {}, ['\n']]]]], ['3: </b>, the end of the file']],
    ['<a>x</c></a>', [['a', {}, ['x']]], ['1: </a>, </c>']],
    [
      '<a>1 < 2</a>',
      [['a', {}, ['1  2']]],
      ['1: the name of an element behind "<", or &lt; for the character, < 2</a>'],
    ],
    [
      '<a>\n<b x=1><c/></b></a>',
      [['a', {}, ['\n', ['b', {}, [['c', {}, []]]]]]],
      ['2: name="value" and ">" in <b, <b x=1><c/></b></a>'],
    ],
    [
      '<a><b x="1\n<c/></a>',
      [['a', {}, [['b', {}, [['c', {}, []]]]]]],
      ['1: name="value" and ">" in <b, <b x="1\n<c/></a>', '2: </b>, </a>'],
    ],
    [
      '<a x="1" s:y="2" x="3"/>',
      [['a', { x: '1', y: '2' }, []]],
      ['1: each attribute once in <a, "x" twice'],
    ],
    ['<a/>rest', [['a', {}, []]], ['1: elements alone outside of the first one, rest']],
    ['<a><!-- x', [['a', {}, []]], ['1: "-->", the end of the file', '1: </a>, the end of the file']],
  ])('tells what is wrong in %j and reads the rest', (text, root, mistakes) => {
    expect(read(text)).toEqual({ root, mistakes });
  });

  const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,6}$/);
  const value = fc.string({ unit: fc.constantFrom(...'ab<>&"\' é😀]'), maxLength: 12 });
  const { node } = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.tuple(
      name,
      fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }),
      fc.array(
        fc.oneof(
          { maxDepth: 3 },
          value.filter((text) => text !== ''),
          tie('node'),
        ),
        { maxLength: 3 },
      ),
    ) as fc.Arbitrary<Node>,
  }));

  it('gives back any tree that is written as XML', () => {
    const escaped = (text: string) =>
      text.replace(/[<>&"']/g, (each) => `&#${each === '<' ? 'x3c' : each.charCodeAt(0)};`);
    const write = ([tag, attributes, children]: Node): string =>
      `<${tag}${Object.entries(attributes)
        .map(([key, text]) => ` ${key}="${escaped(text)}"`)
        .join(
          '',
        )}>${children.map((each) => (typeof each === 'string' ? escaped(each) : write(each))).join('')}</${tag}>`;
    const joined = ([tag, attributes, children]: Node): Node => {
      const list: (Node | string)[] = [];
      for (const each of children) {
        const last = list.at(-1);
        if (typeof each !== 'string') list.push(joined(each));
        else if (typeof last === 'string') list[list.length - 1] = last + each;
        else list.push(each);
      }
      return [tag, attributes, list];
    };
    fc.assert(
      fc.property(node, (tree) => {
        expect(read(write(tree))).toEqual({ root: [joined(tree)], mistakes: [] });
      }),
    );
  });

  it('never fails, whatever it is given, and closes what it opened', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      'a',
      ' ',
      '<a',
      '</a>',
      '<!--',
      '<![CDATA[',
      '<!D[',
      ']>',
      '?>',
      '<?',
      '&lt;',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void read(pieces.join(''))));
  });

  it.each(['<', '<a ', '<a>', '</a>', '<a b="', '<!--', '<!D[', '&', '<a b=c '])(
    'takes time in proportion to the text: %j over and over',
    (piece) => {
      let count = 0;
      const tell = () => {
        count += 1;
      };
      readXml(piece.repeat(200_000), { open: tell, close: tell, mistake: tell });
      expect(count).toBeGreaterThan(0);
    },
  );
});
