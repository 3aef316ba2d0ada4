import { KeySet } from './key-set.ts';

/**
 * Knows which lines were seen before, for logs of millions of lines. Nearly every line is newer than all before it and
 * cannot be a repetition: of those only time and place are kept. Keys, which cost a checksum each, are worked out for
 * the few that are not, and for the lines they may repeat.
 */
export class SeenLines {
  readonly #keyAgain: (file: number, offset: number) => string | undefined;
  #keys = new KeySet();
  #keyed = new Set<number>();
  #times = new Float64Array(1024);
  #offsets = new Float64Array(1024);
  #files = new Uint16Array(1024);
  #count = 0;
  #hasLone = false;
  /** The key of the newest line, which is the one most often repeated in time: it need not be read again. */
  #newestKey: (() => string | undefined) | undefined;

  /** `keyAgain` reads the line at a place once more and returns its key. */
  constructor(keyAgain: (file: number, offset: number) => string | undefined) {
    this.#keyAgain = keyAgain;
  }

  /** All that it knows, for a reading that goes on from here; times and offsets are views, to which nothing more is written. */
  pack(): PackedLines {
    return {
      times: this.#times.subarray(0, this.#count),
      offsets: this.#offsets.subarray(0, this.#count),
      files: runsOf(this.#files.subarray(0, this.#count)),
      keys: this.#keys.pack(),
      keyed: Float64Array.from(this.#keyed),
      hasLone: this.#hasLone,
    };
  }

  /** Takes over what another one knew. */
  unpack({ times, offsets, files, keys, keyed, hasLone }: PackedLines): void {
    const room = Math.ceil(times.length * 1.05) + 1024;
    this.#times = new Float64Array(room);
    this.#times.set(times);
    this.#offsets = new Float64Array(room);
    this.#offsets.set(offsets);
    this.#files = new Uint16Array(room);
    this.#hasLone = hasLone;
    for (let run = 0, at = 0; run < files.length; at += files[run + 1]!, run += 2)
      this.#files.fill(files[run]!, at, at + files[run + 1]!);
    this.#count = times.length;
    this.#keys = KeySet.of(keys);
    this.#keyed = new Set(keyed);
    const newest = this.#count - 1;
    if (newest >= 0) this.#newestKey = () => this.#keyAgain(this.#files[newest]!, this.#offsets[newest]!);
  }

  /** Notes a line and says whether it is new. `offset` is undefined where the line cannot be read again. */
  note(atUs: number, key: () => string, file: number, offset: number | undefined): boolean {
    const isNewest = this.#count === 0 || atUs > this.#times[this.#count - 1]!;
    if (isNewest) {
      this.#push(atUs, file, offset ?? 0);
      this.#newestKey = key;
      if (offset !== undefined) return true;
      this.#keyed.add(atUs);
      const isNew = this.#keys.add(key());
      this.#hasLone ||= !isNew;
      return isNew;
    }
    const before = this.#find(atUs);
    if (before !== undefined && !this.#keyed.has(atUs)) {
      this.#keyed.add(atUs);
      const known =
        before === this.#count - 1
          ? this.#newestKey!()
          : this.#keyAgain(this.#files[before]!, this.#offsets[before]!);
      if (known !== undefined) this.#keys.add(known);
    }
    return this.#keys.add(key());
  }

  #push(atUs: number, file: number, offset: number): void {
    if (this.#count === this.#times.length) {
      const length = Math.max(1024, Math.ceil(this.#count * (this.#count < manyLines ? 2 : 1.25)));
      this.#times = grown(this.#times, new Float64Array(length));
      this.#offsets = grown(this.#offsets, new Float64Array(length));
      this.#files = grown(this.#files, new Uint16Array(length));
    }
    this.#times[this.#count] = atUs;
    this.#offsets[this.#count] = offset;
    this.#files[this.#count] = file;
    this.#count += 1;
  }

  /** Times are strictly rising, so halving finds the one line that was the newest at its time. */
  #find(atUs: number): number | undefined {
    let [low, high] = [0, this.#count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const time = this.#times[middle]!;
      if (time === atUs) return middle;
      if (time < atUs) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}

/** From so many lines on the room for more of them grows by a quarter. */
const manyLines = 1 << 20;

/** What SeenLines knows, in a form that a file can hold; `files` as each number and how often it follows itself. */
export interface PackedLines extends Record<'times' | 'offsets' | 'files' | 'keys' | 'keyed', Float64Array> {
  /** Whether a line of a time of its own was not new; else times, offsets and files are those of the new lines that were newer than all before. */
  hasLone: boolean;
}

/** Numbers that mostly repeat the one before. */
function runsOf(numbers: Uint16Array): Float64Array {
  const runs: number[] = [];
  for (const number of numbers) {
    if (runs.at(-2) === number) runs[runs.length - 1]! += 1;
    else runs.push(number, 1);
  }
  return Float64Array.from(runs);
}

function grown<T extends Float64Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
