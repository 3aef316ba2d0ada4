/** One line of a patch. */
export interface PatchLine {
  kind: 'same' | 'added' | 'removed' | 'place' | 'note';
  text: string;
}

/** What a patch does to one file. */
export interface PatchFile {
  path: string;
  lines: PatchLine[];
}

/** Reads a patch as git writes it, file by file; the newer name stands for a file that was moved. */
export function patchFiles(text: string): PatchFile[] {
  const files: PatchFile[] = [];
  let isHead = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('diff --git ')) {
      files.push({ path: headedPath(line), lines: [] });
      isHead = true;
      continue;
    }
    const file = files.at(-1);
    if (file === undefined) continue;
    if (line.startsWith('@@ ')) isHead = false;
    if (isHead) readHead(file, line);
    else if (line !== '') file.lines.push(bodyLine(line));
  }
  return files;
}

/** The same patch the other way round: what was added is removed. */
export function reversedFiles(files: readonly PatchFile[]): PatchFile[] {
  const turned = { added: 'removed', removed: 'added', same: 'same', note: 'note', place: 'place' } as const;
  return files.map(({ path, lines }) => {
    const found: PatchLine[] = [];
    let [before, after]: [PatchLine[], PatchLine[]] = [[], []];
    const flush = () => {
      found.push(...before, ...after);
      [before, after] = [[], []];
    };
    let last: PatchLine[] = found;
    for (const { kind, text } of lines) {
      const line = {
        kind: turned[kind],
        text: kind === 'place' ? turnedPlace(text) : turnedNote(kind, text),
      };
      if (kind === 'added') last = before;
      else if (kind === 'removed') last = after;
      // That a line has no end stays with that line.
      else if (!(kind === 'note' && text.startsWith('\\'))) {
        flush();
        last = found;
      }
      last.push(line);
    }
    flush();
    return { path, lines: found };
  });
}

function headedPath(line: string): string {
  const rest = line.slice('diff --git '.length);
  const at = rest.lastIndexOf(' b/');
  if (at >= 0) return rest.slice(at + 3);
  const quoted = /"b\/(.*)"$/.exec(rest)?.[1];
  return quoted ?? rest;
}

const told = /^(?:new file mode|deleted file mode|old mode|new mode|rename from|rename to|Binary files)/;

function readHead(file: PatchFile, line: string): void {
  if (line.startsWith('+++ b/')) file.path = line.slice(6).replace(/\t$/, '');
  else if (told.test(line)) file.lines.push({ kind: 'note', text: line });
}

function bodyLine(line: string): PatchLine {
  const text = line.slice(1);
  if (line.startsWith('+')) return { kind: 'added', text };
  if (line.startsWith('-')) return { kind: 'removed', text };
  if (line.startsWith('@@ ')) return { kind: 'place', text: line };
  return line.startsWith(' ') ? { kind: 'same', text } : { kind: 'note', text: line };
}

function turnedPlace(text: string): string {
  return text.replace(/^@@ -(\S+) \+(\S+) @@/, '@@ -$2 +$1 @@');
}

const opposites: readonly (readonly [string, string])[] = [
  ['new file mode', 'deleted file mode'],
  ['old mode', 'new mode'],
  ['rename from', 'rename to'],
];

function turnedNote(kind: PatchLine['kind'], text: string): string {
  if (kind !== 'note') return text;
  for (const [one, other] of opposites) {
    if (text.startsWith(one)) return other + text.slice(one.length);
    if (text.startsWith(other)) return one + text.slice(other.length);
  }
  return text.replace(/^Binary files (.+) and (.+) differ$/, 'Binary files $2 and $1 differ');
}
