import { isObject, type JsonValue } from '../../base/json/json.ts';
import { parseLenientJson } from '../../base/json/lenient.ts';
import { showText } from '../../base/show.ts';
import type { Finding, FindingCode, Severity } from '../findings/finding.ts';
import { conflictSides, conflictStart, uniteEntries } from './merge.ts';
import {
  type LedgerEntry,
  type LedgerKey,
  looksLikeRun,
  parseLedgerRecord,
  pathPart,
  type Renumbered,
  shownValue,
} from './record.ts';
import { type Member, type ScanEnd, scanObject, skipSpace, skipValue } from './scan.ts';

/**
 * What a file called metadata.json holds. `other`: no ledger; the name is common. `torn`: a ledger that ends in the
 * middle. `broken`: a ledger that is no JSON from some place on. Of both, what stands before that place is read.
 */
export interface ParsedLedger {
  kind: 'ledger' | 'other' | 'torn' | 'broken';
  /** In the order of the file. */
  entries: LedgerEntry[];
  /** Whether something stands in it that is no run and would be lost if the file were written again. */
  hasOdd: boolean;
  findings: Finding[];
  /** Different runs that stood under one key, as a merge of two branches leaves them: the first got a free uid. */
  renumbered: Renumbered[];
}

/** Reads the text of a metadata.json, leniently: whatever is odd becomes a finding, the rest is read. Never throws. */
export function parseLedger(text: string, file: string): ParsedLedger {
  const sides = text.includes(conflictStart) ? conflictSides(text) : undefined;
  if (sides !== undefined) {
    const [ours, theirs] = sides.map((side) => new LedgerReader(side, file).read()) as [
      ParsedLedger,
      ParsedLedger,
    ];
    if (ours.kind === 'ledger' && theirs.kind === 'ledger') return united(ours, theirs, text, file);
  }
  return new LedgerReader(text, file).read();
}

/** Both sides of a merge that git left to be resolved: ours keep their uids. */
function united(ours: ParsedLedger, theirs: ParsedLedger, text: string, file: string): ParsedLedger {
  const { entries, renumbered } = uniteEntries([...theirs.entries, ...ours.entries]);
  const finding: Finding = {
    code: 'torn-ledger',
    severity: 'error',
    file,
    line: lineAt(text, text.indexOf(conflictStart)),
    expected: 'a whole ledger',
    found: 'a merge that git left to be resolved (<<<<<<<)',
    hint: 'The runs of both sides are shown. The next `daybook ledger` command or build writes them together; then `git add` it.',
  };
  const findings = [finding, ...ours.findings, ...theirs.findings];
  return { kind: 'torn', entries, hasOdd: ours.hasOdd || theirs.hasOdd, findings, renumbered };
}

const maxFindings = 100;

/** Where something stands, made only where something is to be said of it. */
type Path = () => string;

class LedgerReader {
  readonly #text: string;
  readonly #file: string;
  readonly #entries: LedgerEntry[] = [];
  #findings: Finding[] = [];
  #suppressed = 0;
  #hasOdd = false;

  constructor(text: string, file: string) {
    const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    // Where the power failed, the end of a file may be there and hold nothing.
    this.#text = bare.endsWith('\0') ? bare.replace(/\0+$/, '') : bare;
    this.#file = file;
  }

  read(): ParsedLedger {
    const text = this.#text;
    const start = skipSpace(text, 0);
    if (start >= text.length) return this.#torn('nothing: the file is empty');
    if (text[start] !== '{') return this.#other();
    const end = this.#readIdentifiers(start);
    const runs = this.#entries.length;
    const behind = end.state === 'whole' ? skipSpace(text, end.at) : end.at;
    if (runs === 0 && end.state !== 'whole') {
      return end.state === 'torn' && tornStart.test(text)
        ? this.#torn('an end within the first run')
        : this.#other();
    }
    if (runs === 0 && this.#hasOdd) return this.#other();
    if (end.state === 'torn') return this.#torn(`an end behind ${runs} whole ${runs === 1 ? 'run' : 'runs'}`);
    if (end.state === 'broken') return this.#broken(end.at);
    if (behind < text.length)
      return this.#torn(
        `a whole ledger of ${runs} runs and behind it ${text.length - behind} characters of another state`,
      );
    return this.#result('ledger');
  }

  #readIdentifiers(start: number): ScanEnd {
    const seen = new Set<string>();
    return scanObject(this.#text, start, (member) => {
      const path = () => pathPart(member.key);
      this.#noteRepeated(seen, member, path);
      return this.#within(member, path, 'an object of relpaths', (at) => this.#readRelpaths(at, member.key));
    });
  }

  #readRelpaths(start: number, identifier: string): ScanEnd {
    const seen = new Set<string>();
    return scanObject(this.#text, start, (member) => {
      const path = () => `${pathPart(identifier)}${pathPart(member.key)}`;
      this.#noteRepeated(seen, member, path);
      return this.#within(member, path, 'an object of runs', (at) =>
        this.#readRuns(at, identifier, member.key),
      );
    });
  }

  #readRuns(start: number, identifier: string, relpath: string): ScanEnd {
    const seen = new Set<string>();
    return scanObject(this.#text, start, (member) => {
      const repeated: Member[] = [];
      const end = this.#skipRecord(member, repeated);
      if (end.state !== 'whole') return end;
      const path = () => `${pathPart(identifier)}${pathPart(relpath)}${pathPart(member.key)}`;
      this.#noteRepeated(seen, member, path);
      this.#readRun({ identifier, relpath, uid: member.key }, member, end.at, path);
      for (const inside of repeated) {
        const below = () => `${path()}.${showText(inside.key, 60)}`;
        this.#note('repeated-key', 'warning', inside, below, 'each key once', 'the key again', hints.last);
      }
      return end;
    });
  }

  #readRun(key: LedgerKey, member: Member, end: number, path: Path): void {
    const raw = this.#text.slice(member.valueStart, end);
    const parsed = parseLenientJson(raw);
    if (!parsed.ok) {
      this.#odd(member, path, 'broken-json', 'the record of a run', showText(parsed.reason, 120));
      return;
    }
    if (!looksLikeRun(key.uid, parsed.value)) {
      this.#odd(member, path, 'wrong-shape', 'a run with "status"', shownValue(parsed.value));
      return;
    }
    const { repaired } = parsed;
    if (repaired !== undefined)
      this.#note('broken-json', 'note', member, path, 'JSON', repaired, 'The value is shown as text.');
    const run = parseLedgerRecord(
      key,
      this.#file,
      parsed.value,
      (below, expected, found, code = 'wrong-shape') =>
        this.#note(code, 'warning', member, () => path() + below, expected, found, hints.value),
    );
    this.#entries.push({ run, raw });
  }

  /** Looks inside a member that should be an object; the end of what is inside is the end of the member. */
  #within(
    member: Member,
    path: Path,
    expected: string,
    read: (start: number) => ScanEnd,
  ): ScanEnd | undefined {
    if (this.#text[member.valueStart] === '{') return read(member.valueStart);
    const end = skipValue(this.#text, member.valueStart);
    if (end.state !== 'whole') return end;
    this.#odd(member, path, 'wrong-shape', expected, shownText(this.#text.slice(member.valueStart, end.at)));
    return end;
  }

  #noteRepeated(seen: Set<string>, member: Member, path: Path): void {
    if (seen.has(member.key))
      this.#note('repeated-key', 'warning', member, path, 'each key once', 'the key again', hints.repeated);
    seen.add(member.key);
  }

  /** Walks over a record and collects the keys it names twice. */
  #skipRecord(record: Member, repeated: Member[]): ScanEnd {
    if (this.#text[record.valueStart] !== '{') return skipValue(this.#text, record.valueStart);
    const seen = new Set<string>();
    return scanObject(this.#text, record.valueStart, (member) => {
      if (seen.has(member.key)) repeated.push(member);
      seen.add(member.key);
      return undefined;
    });
  }

  #odd(member: Member, path: Path, code: FindingCode, expected: string, found: string): void {
    this.#hasOdd = true;
    this.#note(code, 'error', member, path, expected, found, hints.shape);
  }

  #note(
    code: FindingCode,
    severity: Severity,
    member: Member,
    path: Path,
    expected: string,
    found: string,
    hint: string,
  ): void {
    if (this.#findings.length >= maxFindings) {
      this.#suppressed++;
      return;
    }
    const line = lineAt(this.#text, member.keyStart);
    this.#findings.push({ code, severity, file: this.#file, line, path: path(), expected, found, hint });
  }

  /** A file that is no ledger is nobody's mistake: nothing is said of it. */
  #other(): ParsedLedger {
    return { kind: 'other', entries: [], hasOdd: true, findings: [], renumbered: [] };
  }

  #torn(found: string): ParsedLedger {
    const finding: Finding = {
      code: 'torn-ledger',
      severity: 'error',
      file: this.#file,
      line: lineAt(this.#text, this.#text.length),
      expected: 'a whole ledger',
      found,
      hint: 'Read it again once its writer is done; if it stays so, the next `daybook ledger` command or `git restore` brings back the last good state.',
    };
    this.#findings.push(finding);
    return this.#result('torn');
  }

  #broken(at: number): ParsedLedger {
    this.#findings.push({
      code: 'broken-json',
      severity: 'error',
      file: this.#file,
      line: lineAt(this.#text, at),
      expected: 'JSON',
      found: `${shownText(this.#text.slice(at, at + 60))} behind ${this.#entries.length} runs`,
      hint: 'Correct the file there; what follows could not be read.',
    });
    return this.#result('broken');
  }

  #result(kind: ParsedLedger['kind']): ParsedLedger {
    if (this.#suppressed > 0) {
      this.#findings.push({
        code: 'wrong-shape',
        severity: 'warning',
        file: this.#file,
        expected: 'runs as the original writes them',
        found: `${this.#suppressed} more oddities of the kinds named above`,
        hint: hints.value,
      });
    }
    const { entries, renumbered } = uniteEntries(this.#entries);
    return { kind, entries, hasOdd: this.#hasOdd, findings: this.#findings, renumbered };
  }
}

const hints = {
  value: 'The rest of the run is shown; correct the value in the file.',
  shape: 'It is left out; correct the file, or move what is no run elsewhere.',
  repeated:
    'All that stands below either is read. Different runs under one number are told apart by when they began: the last keeps it, the others get the next free ones.',
  last: 'The last one counts; remove the other.',
};

/** What only a ledger begins with: identifier, relpath and a number. */
const tornStart = /^\s*\{\s*"[^"]*"\s*:\s*\{\s*"[^"]*"\s*:\s*\{\s*"\d+"\s*:/;

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}

function shownText(text: string): string {
  const value: JsonValue | undefined = text.length > 200 ? undefined : valueIn(text);
  return value === undefined || isObject(value) ? showText(text.trim(), 60) : shownValue(value);
}

function valueIn(text: string): JsonValue | undefined {
  const parsed = parseLenientJson(text);
  return parsed.ok ? parsed.value : undefined;
}
