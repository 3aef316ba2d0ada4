import type { RunArtifact } from '../../../runs/record.ts';

/** An artifact of which nothing but its path is known. */
export const noFacts = {
  file: undefined,
  description: undefined,
  bytes: undefined,
  digest: undefined,
  addedAtUs: undefined,
} as const;

/** The first of those that name one path. */
export function onceEachPath(artifacts: readonly RunArtifact[]): RunArtifact[] {
  const known = new Set<string | undefined>();
  return artifacts.filter(({ path }) => !known.has(path) && known.add(path));
}
