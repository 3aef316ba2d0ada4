import { plainText } from '../../../collector/base/format/plain.ts';

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Recorded text as text of XML 1.0: escaped, without what no XML may hold, not even as a reference. */
export function xmlText(text: string): string {
  return plainText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (mark) => marks[mark]!);
}
