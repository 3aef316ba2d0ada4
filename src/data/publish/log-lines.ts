/** A stretch of a line of one look; `look` are names of classes, "" for plain text. */
export interface LogSpan {
  text: string;
  look: string;
}

/** Reads the colours of terminals, line after line: what is not reset goes on in the next line. */
export class LogColours {
  #fore: string | undefined;
  #back: string | undefined;
  #marks = new Set<string>();

  /** The stretches of a line; a line without escapes is one, and costs next to nothing. */
  read(line: string): LogSpan[] {
    if (!line.includes('\u001b')) return line === '' ? [] : [{ text: line, look: this.#look() }];
    const spans: LogSpan[] = [];
    let done = 0;
    for (const { 0: all, 1: codes, index } of line.matchAll(escapes)) {
      this.#add(spans, line.slice(done, index));
      if (codes !== undefined) this.#take(codes.split(/[;:]/).map(Number));
      done = index + all.length;
    }
    this.#add(spans, line.slice(done));
    return spans;
  }

  #add(spans: LogSpan[], text: string): void {
    if (text !== '') spans.push({ text, look: this.#look() });
  }

  #look(): string {
    if (this.#fore === undefined && this.#back === undefined && this.#marks.size === 0) return '';
    const isTurned = this.#marks.has('turned');
    const [fore, back] = isTurned ? [this.#back ?? 'ground', this.#fore ?? 'ink'] : [this.#fore, this.#back];
    const marks = [...this.#marks].filter((mark) => mark !== 'turned').map((mark) => `log-${mark}`);
    const colours = [fore && `log-${fore}`, back && `log-on-${back}`].filter((name) => name !== undefined);
    return [...colours, ...marks].join(' ');
  }

  #take(codes: number[]): void {
    for (let at = 0; at < codes.length; at++) {
      const code = codes[at]!;
      if (code === 38 || code === 48) {
        const [colour, used] = extended(codes.slice(at + 1));
        if (code === 38) this.#fore = colour;
        else this.#back = colour;
        at += used;
      } else this.#takeOne(code);
    }
  }

  #takeOne(code: number): void {
    if (code === 0) [this.#fore, this.#back, this.#marks] = [undefined, undefined, new Set()];
    else if (code === 39) this.#fore = undefined;
    else if (code === 49) this.#back = undefined;
    else if (code === 22) for (const mark of ['bold', 'faint']) this.#marks.delete(mark);
    else if (starts[code] !== undefined) this.#marks.add(starts[code]);
    else if (ends[code] !== undefined) this.#marks.delete(ends[code]);
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) this.#fore = colours[code % 10];
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) this.#back = colours[code % 10];
  }
}

const escapes = /\u001b\[(?:([\d;:]*)m|[0-?]*[ -/]*[@-ln-~])/g;
const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const starts: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'faint',
  3: 'slant',
  4: 'under',
  7: 'turned',
  9: 'struck',
};
const ends: Readonly<Record<number, string>> = { 23: 'slant', 24: 'under', 27: 'turned', 29: 'struck' };

/** One of 256 or of all colours becomes the nearest of the eight; says how many codes told it. */
function extended([kind, ...rest]: number[]): [colour: string | undefined, used: number] {
  if (kind === 5) {
    const index = rest[0] ?? 0;
    if (index < 16) return [colours[index % 8], 2];
    if (index >= 232) return [index < 244 ? 'black' : 'white', 2];
    const cube = index - 16;
    return [nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((part) => part * 51)), 2];
  }
  return kind === 2 ? [nearest(rest.slice(0, 3)), 4] : [undefined, 1];
}

/** Which of red, green and blue are there, where the colour is no grey. */
function nearest(parts: number[]): string | undefined {
  const [most, least] = [Math.max(...parts), Math.min(...parts)];
  if (!(most - least > 40)) return most > 128 ? 'white' : 'black';
  const middle = (most + least) / 2;
  return colours[parts.reduce((all, part, at) => all + (part > middle ? 1 << at : 0), 0)];
}
