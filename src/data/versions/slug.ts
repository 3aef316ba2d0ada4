import { createHash } from 'node:crypto';

/**
 * A name for the page of a version: the version itself where that is safe on every system and no other differs from it
 * in case alone, else readable letters of it and a checksum behind a tilde, which plain names cannot hold.
 */
export function versionSlug(version: string): string {
  if (plain.test(version) && !special.test(version)) return version;
  const words = version
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 60)
    .toLowerCase();
  return `${words === '' ? 'version' : words}~${createHash('sha256').update(version).digest('hex').slice(0, 12)}`;
}

const plain = /^[a-z0-9][a-z0-9._+-]{0,119}(?<![.])$/;

/** Names of devices, of pages that servers take for the folder, and endings that they take for their own. */
const special = /^(?:con|prn|aux|nul|com\d|lpt\d|index|404|500)(?:\.|$)|\.html?$/;
