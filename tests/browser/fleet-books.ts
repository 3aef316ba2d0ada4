import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openActionWriter } from '../../collector/store/action-writer.ts';

/** What one of several books went through: when it fell silent, and how many of its last deployments failed. */
export interface BookStory {
  title?: string;
  /** How many days before `nowUs` the last of its actions was; 0 for a book that is still recorded to. */
  silentDays?: number;
  failures?: number;
  perDay?: number;
  error?: string;
}

const dayUs = 86_400e6;

/** A book of 30 days with builds and deployments, up to a moment before `nowUs` or to where it fell silent. */
export function writeFleetBook(root: string, nowUs: number, story: BookStory = {}): void {
  const { title, silentDays = 0, failures = 0, perDay = 4, error = 'exit code 1' } = story;
  mkdirSync(root, { recursive: true });
  if (title !== undefined) writeFileSync(join(root, 'daybook.yaml'), `title: ${JSON.stringify(title)}\n`);
  let atUs = 0;
  const writer = openActionWriter(root, { clock: { nowUs: () => atUs } });
  const lastUs = Math.round(nowUs - silentDays * dayUs - 600e6);
  const count = 30 * perDay;
  for (let number = 0; number < count; number++) {
    atUs = Math.round(lastUs - (count - number + failures) * (dayUs / perDay));
    writer.append({ type: 'build', status: 'completed', details: { message: `build ${number}` } });
  }
  for (let left = failures; left > 0; left--) {
    atUs = lastUs - left * 600e6;
    const details = { message: `version 1.${left} to production`, error };
    writer.append({ type: 'deploy', status: 'failed', details });
  }
  atUs = lastUs;
  if (failures === 0)
    writer.append({ type: 'build', status: 'completed', details: { message: 'the newest' } });
}
