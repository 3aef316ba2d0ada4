/** Makes lines of what a program writes to a terminal, as a reader would have seen them in the end. */
export interface TerminalLines {
  /** The lines that are over with this text, without their newlines. */
  push(text: string): string[];
  /** What is not over yet, as it stands. */
  rest(): string;
  /** Takes the first characters of the rest away, which are kept already. */
  drop(characters: number): void;
  /** Leaves out all that comes until the line is over. */
  skip(): void;
}

/** Lines of one stream: what was drawn over with carriage returns is gone, colours stay, other escapes go. */
export function terminalLines(): TerminalLines {
  let rest = '';
  let isSkipping = false;
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      const open = lines.pop()!;
      if (isSkipping && lines.length > 0) lines[0] = '';
      isSkipping &&= lines.length === 0;
      rest = isSkipping ? '' : withoutOverdrawn(open);
      return lines.map(shownLine);
    },
    rest: () => shownLine(rest),
    drop(characters) {
      rest = shownLine(rest).slice(characters);
    },
    skip() {
      rest = '';
      isSkipping = true;
    },
  };
}

/** What says that the line is written from its beginning again. */
const returns = /\u001b\[[01]?G/g;
/** Escapes of terminals, and control characters that mean nothing in a text. */
const escapes =
  /\u001b(?:\[([0-?]*[ -/]*[@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u007f]/g;
const colour = /^[\d;:]*m$/;

/** The last state of a line, with its colours. */
function shownLine(line: string): string {
  const whole = line.replace(returns, '\r').replace(/\r+$/, '');
  const last = whole.slice(whole.lastIndexOf('\r') + 1);
  return last.replace(escapes, (all, sequence?: string) =>
    sequence !== undefined && colour.test(sequence) ? all : '',
  );
}

/** A progress bar may be drawn for hours without a newline: only its last state is held. */
function withoutOverdrawn(rest: string): string {
  const text = rest.includes('\u001b') ? rest.replace(returns, '\r') : rest;
  const whole = text.replace(/\r+$/, '');
  return text.slice(whole.lastIndexOf('\r') + 1);
}
