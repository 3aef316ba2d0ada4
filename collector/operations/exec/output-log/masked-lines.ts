import { keyOpenAfter } from '../../../base/secrets/private-keys.ts';
import type { BookMasking } from '../../../store/book-masking.ts';
import { terminalLines } from './terminal-lines.ts';

/** Turns the text of one stream into lines that may be kept. */
export interface MaskedLines {
  /** What is ready now: lines with their newlines. */
  push(text: string): string;
  /** What was held back because its end was not known. */
  end(): string;
}

/** A line that is longer is kept in parts. */
const longestLine = 256 * 1024;
/** So much of a long line is held back: what may be the beginning of a secret. */
const heldBack = 8 * 1024;

/**
 * Lines of one stream with what looks like a secret masked, also where chunks cut it in two: a line is looked at when it is
 * whole, together with the one before it and the private key that it may belong to.
 */
export function maskedLines(masking: BookMasking): MaskedLines {
  const lines = terminalLines();
  let before: string | undefined;
  let key: string | undefined;

  const masked = (shown: readonly string[]): string[] => {
    const bare = shown.map(withoutColours);
    const around = [key, before].filter((line) => line !== undefined);
    const clean = masking.values([...around, ...bare]).slice(around.length);
    key = keyOpenAfter(bare, key);
    before = bare.at(-1) ?? before;
    // Colours may stand between a name and its value; where something has to go, they go, too.
    return clean.map((line, at) => (line === bare[at] ? shown[at]! : line));
  };

  const longRest = (rest: string): string => {
    const at = placeToCut(rest, (text) => masking.values([text])[0]!);
    const [clean] = masked([rest.slice(0, at)]);
    if (at !== undefined) {
      lines.drop(at);
      return clean!;
    }
    // A secret as long as that is none, but nothing behind it is known not to be one.
    lines.skip();
    return `${clean!.slice(0, -heldBack)}‹daybook: the rest of this line is left out›`;
  };

  return {
    push(text) {
      const ready = masked(lines.push(text)).map((line) => `${line}\n`);
      for (let rest = lines.rest(); rest.length > longestLine; rest = lines.rest())
        ready.push(longRest(rest));
      return ready.join('');
    },
    end() {
      const rest = lines.rest();
      return rest === '' ? '' : `${masked([rest])[0]}\n`;
    },
  };
}

const colours = /\u001b\[[\d;:]*m/g;
const withoutColours = (line: string) => (line.includes('\u001b') ? line.replace(colours, '') : line);

/** Where a long line can be cut so that both parts together are masked as the whole is; undefined where that is nowhere. */
function placeToCut(text: string, mask: (text: string) => string): number | undefined {
  const whole = mask(text);
  let at = text.length - heldBack;
  for (let tries = 0; tries < 20; tries++) {
    if (mask(text.slice(0, at)) + mask(text.slice(at)) === whole) return at;
    const space = text.lastIndexOf(' ', at - 1);
    at = space > text.length / 2 ? space : at - 997;
  }
  return undefined;
}
