import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const start = '<script type="application/octet-stream" data-file="';

/**
 * Takes a site of one file apart again: every file in it below `folder`, and what stands between them as `document.html`,
 * without our own `code`, which names the shapes of secrets.
 * What is looked at for secrets is what was written, whatever it was made from.
 */
export function unpackSingleFile(path: string, folder: string, code: readonly string[]): string[] {
  const whole = readFileSync(path);
  const names: string[] = [];
  let rest = '';
  let at = 0;
  const put = (name: string, content: string | Uint8Array) => {
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  for (let next = whole.indexOf(start); next >= 0; next = whole.indexOf(start, at)) {
    const open = whole.indexOf('>', next);
    const end = whole.indexOf('<', open);
    const head = whole.toString('latin1', next + start.length, open);
    const content = Buffer.from(whole.toString('latin1', open + 1, end), 'base64');
    const name = decodeURIComponent(head.slice(0, head.indexOf('"')));
    rest += whole.toString('utf8', at, next);
    put(name, head.includes(' data-coding="gzip"') ? gunzipSync(content) : content);
    names.push(name);
    at = end;
  }
  rest += whole.toString('utf8', at);
  put(
    'document.html',
    code.reduce((text, ours) => text.replace(ours, () => ''), rest),
  );
  return names;
}
