import { createXXHash64 } from 'hash-wasm';

/** Computes XXH64 (seed 0) piece by piece; one instance serves any number of contents, one after the other. */
export interface Xxh64 {
  begin(): void;
  update(bytes: Uint8Array): void;
  /** The eight bytes of the digest, highest first, as its sixteen hex digits show them. */
  end(): Uint8Array;
}

/** A hasher of its own: instances share nothing, so each thread and each unfinished content needs one. */
export async function createXxh64(): Promise<Xxh64> {
  const hasher = await createXXHash64();
  return {
    begin: () => void hasher.init(),
    update: (bytes) => void hasher.update(bytes),
    end: () => hasher.digest('binary'),
  };
}
