import { freeBuffer } from './free-buffer.ts';

/** The bytes that base64 stands for. */
export function bytesOf(base64: string): ArrayBuffer {
  const native = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array };
  if (native.fromBase64 !== undefined) return native.fromBase64(base64).buffer as ArrayBuffer;
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes.buffer;
}

/** Bytes without their compression, where they have one: some servers say that a file is compressed, and the browser has taken care of it. */
export async function unzipped(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first !== 0x1f || second !== 0x8b) return bytes;
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  // What is wrong with the bytes is said where they are read.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return new Response(readable).arrayBuffer();
}

/**
 * Bytes packed by gzip, of which it is known how many they are: they go straight to their place, and every piece of them is freed
 * there, where a response would hold all of them twice until they are collected.
 */
export async function unzippedTo(
  packed: Uint8Array<ArrayBuffer>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  // What is wrong with the bytes is said where they are read.
  writer.write(packed).catch(() => {});
  writer.close().catch(() => {});
  const bytes = new Uint8Array(length);
  let at = 0;
  const reader = readable.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const { value } = piece;
    if (at + value.length > length) throw damaged();
    bytes.set(value, at);
    at += value.length;
    if (value.length === value.buffer.byteLength) freeBuffer(value.buffer);
  }
  if (at < length) throw damaged();
  return bytes;
}

function damaged(): Error {
  return new Error('a page of a data file is damaged');
}
