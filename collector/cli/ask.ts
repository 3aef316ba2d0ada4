import { createInterface } from 'node:readline';
import type { World } from './context.ts';

/** Asks the person at the terminal; undefined where nobody can be asked, and where the answer was neither yes nor no. */
export async function ask(world: World, question: string): Promise<boolean | undefined> {
  const input = world.stdin();
  if (world.json || world.quiet || (input as { isTTY?: boolean }).isTTY !== true) return undefined;
  world.out.note(`${question} (y or n)`);
  const lines = createInterface({ input });
  for await (const line of lines) {
    lines.close();
    const answer = line.trim().toLowerCase();
    return /^y(?:es)?$/.test(answer) ? true : /^no?$/.test(answer) ? false : undefined;
  }
  return undefined;
}
