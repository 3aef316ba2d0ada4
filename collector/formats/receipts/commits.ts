import type { ReceiptContent } from './record.ts';

/** Nobody's pipeline is deeper; a receipt could embed itself without end. */
const maxDepth = 100;

/** Ids of all commits that a receipt and the stages embedded in it name: its own first, each once. */
export function commitsOf(content: ReceiptContent): string[] {
  const commits = new Set<string>();
  collect(content, commits, 0);
  return [...commits];
}

function collect({ repos, previous }: ReceiptContent, commits: Set<string>, depth: number): void {
  for (const { commit } of Object.values(repos)) {
    if (commit !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) commits.add(commit);
  }
  if (depth < maxDepth) for (const { content } of previous) collect(content, commits, depth + 1);
}
