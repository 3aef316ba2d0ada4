import { createHash } from 'node:crypto';

/** What a document of one file is made of. */
export interface DocumentGiven {
  /** The rendered first page, and its name. */
  page: string;
  first: string;
  style: string;
  script: string;
  version: string;
}

/** The beginning and the end of a file that is a whole site; the blocks of its files stand between them. */
export interface Document {
  start: string;
  end: string;
}

/**
 * Frames the first page as a document that needs nothing from outside and may ask for nothing: style and scripts stand in
 * it and are admitted by their hashes, so that nothing else in it can run.
 */
export function singleDocument({ page, first, style, script, version }: DocumentGiven): Document {
  const theme = between(page, '<script>', '</script>');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(theme)} ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const start = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="generator" content="Daybook ${version}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
    `<title>${between(page, '<title>', '</title>')}</title>`,
    `<link rel="icon" href="${between(page, '<link rel="icon" href="', '"')}">`,
    `<script>${theme}</script><style>${inline(style, 'style')}</style></head>`,
    `<body data-up="" data-first="${first}" data-page="${between(page, ' data-page="', '"')}">`,
    between(page, between(page, '<body', '>', true), '</body>'),
    '<noscript><p class="frame">Scripts are off: this is the first page of the file; the others are shown by its script.</p></noscript>\n',
  ].join('');
  return { start, end: `<script>${inline(script, 'script')}</script></body></html>\n` };
}

/** A file as an element that is neither shown nor run: base64 holds no character that could end it. */
export function blockStart(name: string, isPacked: boolean): string {
  const file = name.split('/').map(encodeURIComponent).join('/').replaceAll("'", '%27');
  return `<script type="application/octet-stream" data-file="${file}"${isPacked ? ' data-coding="gzip"' : ''}>`;
}

/** What ends a block. */
export const blockEnd = '</script>\n';

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Code of ours as it stands; what would end its element early, or change on the way to its hash, is a fault of the bundle. */
function inline(code: string, element: 'script' | 'style'): string {
  if (/<\/(?:script|style)|<!--|\r|\0/i.test(code))
    throw new Error(
      `Expected ${element} code that can stand in a page, found an end tag or a bare return in it.`,
    );
  return code;
}

/** The text between two marks that a rendered page has; with the marks where `whole` says so. */
function between(page: string, from: string, to: string, whole = false): string {
  const start = page.indexOf(from);
  const end = to === '</body>' ? page.lastIndexOf(to) : page.indexOf(to, start + from.length);
  if (start < 0 || end < 0) throw new Error(`Expected ${from} in a rendered page, found none.`);
  return whole ? page.slice(start, end + to.length) : page.slice(start + from.length, end);
}
