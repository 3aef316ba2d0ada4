import { crc32 } from 'node:zlib';
import { field, varint } from './tensorboard-file.ts';

const blockBytes = 32_768;

/** A .wandb file of these records, in blocks as W&B writes it. */
export function wandbLog(records: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from([...Buffer.from(':W&B'), 0xe1, 0xbe, 0])];
  let at = 7;
  const put = (part: Buffer) => {
    parts.push(part);
    at += part.length;
  };
  for (const record of records) {
    let from = 0;
    do {
      if (blockBytes - (at % blockBytes) < 7) put(Buffer.alloc(blockBytes - (at % blockBytes)));
      const room = blockBytes - (at % blockBytes) - 7;
      const data = record.subarray(from, from + room);
      const isLast = from + data.length === record.length;
      put(piece(data, from === 0 ? (isLast ? 1 : 2) : isLast ? 4 : 3));
      from += data.length;
    } while (from < record.length);
  }
  return Buffer.concat(parts);
}

/** A point of the history: values as JSON by their names. */
export function historyRecord(step: number, values: Readonly<Record<string, string>>): Buffer {
  const items = Object.entries(values).map(([name, json]) =>
    field(1, 2, Buffer.concat([field(1, 2, Buffer.from(name)), field(16, 2, Buffer.from(json))])),
  );
  return field(2, 2, Buffer.concat([...items, field(2, 2, field(1, 0, varint(step)))]));
}

/** That the run ended, and with what. */
export function exitRecord(code: number): Buffer {
  return field(18, 2, Buffer.concat([field(1, 0, varint(code)), field(2, 0, varint(60))]));
}

function piece(data: Buffer, kind: number): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt16LE(data.length, 4);
  head[6] = kind;
  head.writeUInt32LE(crc32(Buffer.concat([head.subarray(6), data])), 0);
  return Buffer.concat([head, data]);
}
