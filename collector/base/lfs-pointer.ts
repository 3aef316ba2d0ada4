/** What stands in place of a large file where Git LFS has not brought it. */
export interface LfsPointer {
  /** SHA-256 of the file itself, 64 hex digits. */
  oid: string;
  /** Size of the file itself. */
  bytes: number;
  /** How many lines the pointer takes; more may follow where someone appended to it. */
  lines: number;
}

/** No pointer is longer; the specification of Git LFS says so. */
export const longestPointerBytes = 1024;

const start = Buffer.from('version https://');
const pointer =
  /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v1\r?\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\r?\nsize (\d{1,16})(?:\r?\n|$)/;

/** The Git LFS pointer that a file begins with; undefined for every other file. */
export function parseLfsPointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length < start.length || start.compare(bytes, 0, start.length) !== 0) return undefined;
  const match = pointer.exec(Buffer.from(bytes.subarray(0, longestPointerBytes)).toString('latin1'));
  if (match === null) return undefined;
  const lines = match[0].trimEnd().split('\n').length;
  return { oid: match[1]!, bytes: Number(match[2]), lines };
}
