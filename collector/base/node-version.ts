/** The oldest Node that everything of Daybook works with; package.json says the same. */
export const neededNode = '22.18';

/** What to do where something failed that an older Node may lack; undefined where this one is new enough. */
export function olderNodeHint(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = neededNode.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `Daybook needs Node ${neededNode} or newer, and this is ${version} (${process.execPath}); an older one can record and read, not all else.`;
}
