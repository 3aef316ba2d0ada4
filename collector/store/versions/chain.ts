import { baseOf, type VersionMetadata } from '../../formats/versions/version.ts';
import type { VersionBackend } from './backend.ts';

const longestForeignChain = 1000;

/**
 * The names from the full version that starts a chain to this version, itself included; undefined where the chain is
 * broken or comes back to itself.
 */
export async function chainOf(
  backend: VersionBackend,
  metadata: VersionMetadata,
): Promise<string[] | undefined> {
  const { chain, version } = metadata;
  const base = baseOf(metadata);
  if (base === undefined) return [version];
  if (chain !== undefined && chain.at(-1) === base) return [...chain, version];
  const names = [version];
  for (let next: string | undefined = base; next !== undefined; ) {
    if (names.includes(next) || names.length > longestForeignChain) return undefined;
    names.unshift(next);
    const below = await backend.readMetadata(next).catch(() => undefined);
    if (below === undefined) return undefined;
    next = baseOf(below);
  }
  return names;
}
