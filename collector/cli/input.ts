import { DaybookError } from '../base/errors.ts';
import { requireText } from '../formats/text/file.ts';
import type { World } from './context.ts';

/** Details larger than this are a mistake: whole files belong beside the book, not in it. */
const maxInputBytes = 64 * 1024 * 1024;

/** All of standard input as text; refuses to wait for a person who gave none. */
export async function readInput(world: World): Promise<string> {
  const input = world.stdin();
  if ((input as { isTTY?: boolean }).isTTY) {
    throw new DaybookError('usage', 'Expected the details on standard input, but that is the terminal.', {
      hint: 'Pipe them in: make report | daybook action report -',
    });
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > maxInputBytes)
      throw new DaybookError(
        'bad-input',
        'Expected at most 64 MiB of details on standard input, found more.',
      );
    chunks.push(buffer);
  }
  return requireText(Buffer.concat(chunks), 'standard input');
}
