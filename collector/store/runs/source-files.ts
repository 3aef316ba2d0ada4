import { join } from 'node:path';
import { sha256Hex } from '../../base/hash.ts';
import type { RunSource, SourceFiles } from '../../runs/evidence.ts';
import { type FileFacts, quickFactsOf } from '../file-facts.ts';
import { runSources } from './sources/index.ts';

/** The source of this name, of those that Daybook knows. */
export function sourceNamed(name: string): RunSource | undefined {
  return runSources.find((source) => source.name === name);
}

/** What is read of something that a source claims: a file by itself, unless the source knows better. */
export function filesOfSource(root: string, source: RunSource, path: string): SourceFiles {
  return source.filesOf?.(root, path) ?? { read: [path], sized: [] };
}

/**
 * What the system says of all that is read of something a source claims: the same as long as none of it changes. Undefined
 * of one file that is not there.
 */
export function factsOfSource(root: string, source: RunSource, path: string): FileFacts | undefined {
  if (source.filesOf === undefined) return quickFactsOf(join(root, path));
  const { read, sized } = source.filesOf(root, path);
  const facts: FileFacts = { text: '', size: 0, isAtRest: true };
  const lines: string[] = [];
  for (const file of [...read, ...sized]) {
    const each = quickFactsOf(join(root, file));
    lines.push(`${file}\0${each?.text ?? '-'}`);
    facts.size += each?.size ?? 0;
    if (each?.isAtRest === false) facts.isAtRest = false;
  }
  facts.text = sha256Hex(lines.join('\n')).slice(0, 32);
  return facts;
}
