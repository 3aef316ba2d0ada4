import { formatBytes, formatCount } from '../../base/format/number.ts';

/** What the log of a run is called; a second one in its folder is output-2.log.gz. */
export const outputLogName = 'output.log.gz';

const namePattern = /^(?:(.+)_)?output(?:-\d+)?\.log\.gz$/;

/** What stands before the usual name of a log ("" where nothing does); undefined for files that are no log by their name. */
export function prefixOfLog(name: string): string | undefined {
  const found = namePattern.exec(name);
  return found === null ? undefined : (found[1] ?? '');
}

/** The second, third … name where others are taken: output-2.log.gz. */
export function numberedLog(name: string, number: number): string {
  return number === 1 ? name : name.replace(/\.log\.gz$/, `-${number}.log.gz`);
}

const comment = 'daybook exec --log\0';
const emptyDeflate = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const headBytes = 10;

/** What a log begins with: a member of gzip without content, which says in its head whose the file is and when it began. */
export function logHead(startedAtUs: number): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, 16, 0, 0, 0, 0, 0, 255]);
  head.writeUInt32LE(Math.min(0xffffffff, Math.max(0, Math.floor(startedAtUs / 1e6))), 4);
  return Buffer.concat([head, Buffer.from(comment, 'latin1'), Buffer.from(emptyDeflate)]);
}

/** So many bytes tell whether a file is a log. */
export const logHeadBytes = headBytes + comment.length;

/** When a log began, to the second, from its first bytes; undefined where the file is somebody else's. */
export function readLogHead(bytes: Buffer): { startedAtUs: number } | undefined {
  const isOurs =
    bytes.length >= logHeadBytes &&
    bytes.readUInt32BE(0) === 0x1f8b0810 &&
    bytes.toString('latin1', headBytes, logHeadBytes) === comment;
  return isOurs ? { startedAtUs: bytes.readUInt32LE(4) * 1e6 } : undefined;
}

/** What a log leaves out in its middle. */
export interface LeftOut {
  lines: number;
  bytes: number;
}

/** The line that stands where the middle of a log is left out. */
export function leftOutLine({ lines, bytes }: LeftOut): string {
  return `‹daybook: ${formatCount(lines)} lines (${formatBytes(bytes)}) are left out here›`;
}
