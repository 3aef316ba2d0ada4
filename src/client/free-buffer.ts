/** Frees bytes that are done with. What waits for the collector would be several files at once. */
export function freeBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer?.(0);
}

/** Frees the bytes of texts that stand in a few buffers, one behind the other. */
export function freeValues(values: Iterable<unknown>): void {
  let last: ArrayBufferLike | undefined;
  for (const value of values) {
    if (!(value instanceof Uint8Array) || value.buffer === last) continue;
    last = value.buffer;
    freeBuffer(last);
  }
}
