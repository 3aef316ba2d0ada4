import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFlushed } from '../base/atomic-file.ts';
import type { Clock } from '../base/clock.ts';
import { jsonText } from '../base/json/text.ts';
import { bookPath } from '../base/paths.ts';
import { compactTime, isoMicros } from '../base/time.ts';
import { cacheFolder } from './layout.ts';
import type { HarmlessLine } from './torn-lines.ts';

/** One thing that was mended. */
export interface Repair {
  file: string;
  did: string;
  /** Where the original lies now, relative to the book; null where no byte of it was touched. */
  original: string | null;
}

/** Keeps originals: each is copied or moved to .daybook/quarantine/<time>/ before anything happens to it. */
export interface Quarantine {
  folder: string;
  copy(path: string): string;
  move(path: string): string;
  /** Keeps lines of a log byte for byte in one file, and in a second one where each of them stood. */
  keepLines(lines: readonly HarmlessLine[]): string;
}

/** The quarantine of one repair. */
export function createQuarantine(root: string, clock: Clock): Quarantine {
  const nowUs = clock.nowUs();
  const folder = join(cacheFolder(root), 'quarantine', compactTime(nowUs));
  const place = (path: string) => freePlace(folder, basename(path));
  return {
    folder,
    copy(path) {
      const target = place(path);
      copyFileSync(path, target);
      return bookPath(root, target);
    },
    move(path) {
      const target = place(path);
      renameSync(path, target);
      return bookPath(root, target);
    },
    keepLines(lines) {
      const target = freePlace(folder, `${basename(lines[0]!.file)}.lines`);
      const ends = lines.map(({ bytes }) => Buffer.concat([bytes, Buffer.from('\n')]));
      writeFlushed(target, Buffer.concat(ends));
      let at = 0;
      const index = lines.map(({ file, line, offset, bytes }) => {
        const kept = { file, line, offset, bytes: bytes.length, kept_in: basename(target), kept_at: at };
        at += bytes.length + 1;
        return `${jsonText({ ...kept, moved_at: isoMicros(nowUs) })}\n`;
      });
      writeFlushed(freePlace(folder, `${basename(target)}.index.jsonl`), index.join(''));
      return bookPath(root, target);
    },
  };
}

/** Two originals may have one name: none takes the place of the other. */
function freePlace(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; ; number++) {
    const target = join(folder, number === 1 ? name : `${number}-${name}`);
    if (!existsSync(target)) return target;
  }
}
