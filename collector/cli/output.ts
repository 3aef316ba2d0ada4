import { visibleJson } from '../base/terminal.ts';

/** The part of a writable stream that printing needs. */
export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** The few colours with a fixed meaning; all of them plain where colour is off. */
export interface Palette {
  good(text: string): string;
  bad(text: string): string;
  active(text: string): string;
  warning(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
  /** Crossed out and pale: what was, where something else is now. */
  struck(text: string): string;
}

/** How commands print: results to standard output, everything else to standard error. */
export interface Output {
  /** A result for people; never called with --json. */
  print(text: string): undefined;
  /** A result as JSON: `indent` 0 puts it on one line. */
  printJson(value: unknown, indent?: number): undefined;
  /** A list as JSON, of which only a piece at a time is held. */
  printJsonList<Item>(pieces: AsyncIterable<readonly Item[]>, show: (item: Item) => unknown): Promise<void>;
  /** A remark; silent with --quiet and --json. */
  note(text: string): void;
  /** A line on standard error that is shown whatever the options. */
  warn(text: string): void;
  /** A line that is replaced by the next one, only on a terminal; call without text to clear it. */
  progress(text?: string): void;
  palette: Palette;
  errorPalette: Palette;
  /** Columns of standard output; undefined without a terminal, where nothing is cut. */
  width: number | undefined;
}

/** An Output over two streams. */
export function createOutput(
  stdout: OutputStream,
  stderr: OutputStream,
  options: { env: NodeJS.ProcessEnv; json: boolean; quiet: boolean },
): Output {
  const silent = options.quiet || options.json;
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    print(text) {
      clear();
      stdout.write(`${text}\n`);
      return undefined;
    },
    printJson(value, indent = 2) {
      clear();
      stdout.write(`${visibleJson(value, indent)}\n`);
      return undefined;
    },
    async printJsonList(pieces, show) {
      clear();
      let isFirst = true;
      for await (const piece of pieces) {
        if (piece.length === 0) continue;
        const text = visibleJson(piece.map(show), 2).slice(2, -2);
        stdout.write(isFirst ? `[\n${text}` : `,\n${text}`);
        isFirst = false;
      }
      stdout.write(isFirst ? '[]\n' : '\n]\n');
    },
    note(text) {
      clear();
      if (!silent) stderr.write(`${text}\n`);
    },
    warn(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      clear();
      if (text === undefined || silent || !stderr.isTTY) return;
      shown = true;
      stderr.write(text.slice(0, (stderr.columns ?? 80) - 1));
    },
    palette: createPalette(stdout, options.env),
    errorPalette: createPalette(stderr, options.env),
    width: stdout.isTTY ? Math.max(40, stdout.columns ?? 80) : undefined,
  };
}

function createPalette(stream: OutputStream, env: NodeJS.ProcessEnv): Palette {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  const refused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb' || env.FORCE_COLOR === '0';
  const on = forced || (stream.isTTY === true && !refused);
  const colour = (open: number, close: number) => (text: string) =>
    on ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    good: colour(32, 39),
    bad: colour(31, 39),
    active: colour(36, 39),
    warning: colour(33, 39),
    faint: colour(2, 22),
    strong: colour(1, 22),
    struck: (text) => (on ? `\u001b[2;9m${text}\u001b[22;29m` : text),
  };
}
