import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedLines } from '../../../collector/operations/exec/output-log/masked-lines.ts';
import { maskingFor } from '../../../collector/store/book-masking.ts';

const masking = maskingFor({ keys: [] });
const [esc, token] = ['\u001b', `ghp_${'a1B2'.repeat(9)}`];

/** What is kept of a text that comes in these parts. */
function kept(...parts: string[]): string {
  const lines = maskedLines(masking);
  return parts.map((text) => lines.push(text)).join('') + lines.end();
}

describe('what the log of a command keeps', () => {
  it.each([
    ['lines as they are', 'a\n\n b\tc\n', 'a\n\n b\tc\n'],
    ['a last line without its newline', 'a\nb', 'a\nb\n'],
    ['the ends of lines of Windows as those of others', 'a\r\nb\r\r\n', 'a\nb\n'],
    ['a bar that is drawn over as it stood last', '0%\r50%\r100%\nend\n', '100%\nend\n'],
    ['a bar that is not over', '0%\r50%\r', '50%\n'],
    ['a bar that goes back with an escape', `0%${esc}[1G${esc}[0K50%\n`, '50%\n'],
    ['colours', `${esc}[1;31mbad${esc}[0m\n`, `${esc}[1;31mbad${esc}[0m\n`],
    ['no title, movement or bell', `${esc}]0;title\u0007a${esc}[2Kb${esc}[?25l\u0007\n`, 'ab\n'],
    ['no secret', `password=hunter2x\n${token}\n`, 'password=‹masked: secret›\n‹masked: github token›\n'],
    [
      'no secret behind a coloured name',
      `${esc}[1mpassword${esc}[0m: hunter2x\n`,
      'password: ‹masked: secret›\n',
    ],
    ['no secret that its option announced', '--token\nhunter2x\nrest\n', '--token\n‹masked: secret›\nrest\n'],
    [
      'no private key',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\nend\n',
      `${'‹masked: private key›\n'.repeat(3)}end\n`,
    ],
  ])('is %s, wherever it is cut in two', (_, text, expected) => {
    expect(kept(text)).toBe(expected);
    for (let at = 0; at <= text.length; at++) expect(kept(text.slice(0, at), text.slice(at))).toBe(expected);
    expect(kept(...text)).toBe(expected);
  });

  it('is the same however a text is cut', () => {
    const pieces = [
      'a',
      '\n',
      '\r',
      'password=hunter2x',
      token,
      `${esc}[32m`,
      `${esc}[0m`,
      ' ',
      '--token',
      'é',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 30 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        (words, cuts) => {
          const text = words.join('');
          const places = [0, ...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length];
          const parts = places.slice(1).map((to, at) => text.slice(places[at], to));
          expect(kept(...parts)).toBe(kept(text));
        },
      ),
    );
  });

  const chunked = (line: string) => {
    const lines = maskedLines(masking);
    let text = '';
    let longest = 0;
    for (let at = 0; at < line.length; at += 65_536) {
      text += lines.push(line.slice(at, at + 65_536));
      longest = Math.max(longest, at - text.length);
    }
    return { text: text + lines.push('\nnext\n') + lines.end(), longest };
  };

  it('holds no endless line, and cuts it within no secret', () => {
    const filler = 'x'.repeat(1009);
    const line = Array.from({ length: 2000 }, (_, at) => (at % 7 === 3 ? token : filler)).join(' ');
    const { text, longest } = chunked(line);
    expect(longest).toBeLessThan(512 * 1024);
    expect(text).toBe(`${masking.values([line])[0]}\nnext\n`);
    expect(text).not.toContain('ghp_');
  });

  it('leaves out the rest of an endless line whose end may be a secret', () => {
    const line = `begin ${'x'.repeat(1000)} password: ${'correct horse battery '.repeat(50_000)}`;
    const { text } = chunked(line);
    expect(text).not.toContain('horse');
    expect(text).toContain('‹daybook: the rest of this line is left out›\nnext\n');
  });
});
