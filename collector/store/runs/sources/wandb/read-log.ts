import { join } from 'node:path';
import { formatCount } from '../../../../base/format/number.ts';
import { plural } from '../../../../base/format/words.ts';
import { parseLfsPointer } from '../../../../base/lfs-pointer.ts';
import { ProtobufError } from '../../../../base/protobuf.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import { pointerRemark } from '../../../../formats/text/file.ts';
import { eachLogRecord, isWandbLog } from '../../../../formats/wandb/log.ts';
import { type WandbLog, WandbLogReading } from '../../../../formats/wandb/records.ts';
import { readRecorded, sizeOfRecorded, whyUnreadable } from '../../../recorded-file.ts';

type Report = (finding: Finding) => void;

/** Larger logs are not read whole. */
const mostBytes = 512 * 1024 * 1024;
const hint = 'What else lies in the folder of the run is shown; restore the file from where it was recorded.';

/** Reads the log of a run, run-<id>.wandb; undefined where it is none, or cannot be read, which is reported. */
export function readLog(root: string, file: string, report: Report): WandbLog | undefined {
  const tell = (code: Finding['code'], severity: Finding['severity'], found: string) =>
    report({ code, severity, file, expected: 'the log of a run of W&B', found, hint });
  const path = join(root, file);
  const size = sizeOfRecorded(path);
  if (size > mostBytes) {
    tell('too-long', 'warning', `${formatCount(size)} bytes`);
    return undefined;
  }
  let bytes: Buffer;
  try {
    bytes = readRecorded(path);
  } catch (error) {
    tell('unreadable', 'error', whyUnreadable(path, error));
    return undefined;
  }
  const pointer = parseLfsPointer(bytes);
  if (pointer !== undefined) report({ ...pointerRemark(pointer), file });
  else if (bytes.length === 0) tell('empty-file', 'note', 'no bytes');
  else if (!isWandbLog(bytes)) tell('wrong-schema', 'warning', 'something else');
  else return recordsIn(bytes, tell);
  return undefined;
}

function recordsIn(
  bytes: Buffer,
  tell: (code: Finding['code'], severity: Finding['severity'], found: string) => void,
): WandbLog {
  const reading = new WandbLogReading();
  let strange = 0;
  const { records, damaged, isTorn } = eachLogRecord(bytes, (record) => {
    try {
      reading.add(record);
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error;
      strange += 1;
    }
  });
  if (damaged + strange > 0)
    tell(
      'bad-checksum',
      'warning',
      `${plural(damaged + strange, 'damaged part')} among ${plural(records, 'record')}`,
    );
  if (isTorn)
    tell(
      'truncated',
      'note',
      `one whose last record ends in the middle, behind ${plural(records, 'record')}`,
    );
  return reading.finish();
}
