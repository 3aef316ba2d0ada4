/** What the first bytes of an image say; endings are those of files that browsers only ever show. */
export interface ImageHead {
  ending: 'png' | 'jpg' | 'gif' | 'webp';
  /** In pixels; undefined where they stand further back in the file. */
  width: number | undefined;
  height: number | undefined;
}

/** Recognizes PNG, JPEG, GIF and WebP by their bytes, whatever the file is called; anything else is no image. */
export function imageOf(head: Buffer): ImageHead | undefined {
  if (head.length < 16) return undefined;
  const ascii = (from: number, to: number) => head.toString('latin1', from, to);
  if (head.readUInt32BE(0) === 0x89504e47 && head.readUInt32BE(4) === 0x0d0a1a0a)
    return head.length < 24
      ? { ending: 'png', width: undefined, height: undefined }
      : { ending: 'png', width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  if (ascii(0, 6) === 'GIF89a' || ascii(0, 6) === 'GIF87a')
    return { ending: 'gif', width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return { ending: 'webp', ...webpSize(head) };
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return { ending: 'jpg', ...jpegSize(head) };
  return undefined;
}

const noSize = { width: undefined, height: undefined };

function webpSize(head: Buffer): { width: number | undefined; height: number | undefined } {
  if (head.length < 30) return noSize;
  const kind = head.toString('latin1', 12, 16);
  if (kind === 'VP8 ')
    return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  if (kind === 'VP8L') {
    const bits = head.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return kind === 'VP8X' ? { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 } : noSize;
}

/** Walks from marker to marker until one tells the size. */
function jpegSize(head: Buffer): { width: number | undefined; height: number | undefined } {
  let at = 2;
  while (at + 9 < head.length && head[at] === 0xff) {
    const marker = head[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5) };
    at += 2 + head.readUInt16BE(at + 2);
  }
  return noSize;
}
