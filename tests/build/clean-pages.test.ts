import { describe, expect, it } from 'vitest';
import { cleanHtml } from '../../src/build/clean-pages.ts';

const turned = '\u202e';

describe('the text of a page', () => {
  it('is plain between tags and in what attributes tell a reader', () => {
    expect(cleanHtml(`<p title="a${turned}b" data-key="k${turned}">x${turned}y\u0007\n</p>`)).toBe(
      `<p title="a\ufffdb" data-key="k${turned}">x\ufffdy\u2407\n</p>`,
    );
  });

  it('is plain whatever a title holds, brackets of a script among it, and an address keeps its own', () => {
    const page = `<span title="x > <script>">one</span><p>a${turned}b</p><script>1</script><a href="a>${turned}b">c${turned}</a>`;
    expect(cleanHtml(page)).toBe(
      `<span title="x > <script>">one</span><p>a\ufffdb</p><script>1</script><a href="a>${turned}b">c\ufffd</a>`,
    );
    expect(cleanHtml('<p>half \ud83d of a character, and a whole one 😀</p>')).toBe(
      '<p>half \ufffd of a character, and a whole one 😀</p>',
    );
  });

  it('stays as it is in scripts and styles, and where nothing is hidden', () => {
    const page = `<!DOCTYPE html><style>a{b:"${turned}"}</style><script>"${turned}<p>"</script><a href="x?y=${turned}">日本 – ok</a>`;
    expect(cleanHtml(page)).toBe(page);
  });
});
