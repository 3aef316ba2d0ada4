import { formatCount } from '../../../../base/format/number.ts';
import { plural } from '../../../../base/format/words.ts';
import type { Finding } from '../../../../formats/findings/finding.ts';
import type { RecordsRead } from '../../../../formats/tensorboard/records.ts';

type Told = Omit<Finding, 'file'>;

/** Says what is wrong with the records of an event file. */
export function tellOfRecords(
  file: string,
  size: number,
  read: RecordsRead,
  report: (finding: Finding) => void,
): void {
  const told = size === 0 ? [nothing] : [...ofDamaged(read), ...ofStop(read, size)];
  for (const each of told) report({ ...each, file });
}

const nothing: Told = {
  code: 'empty-file',
  severity: 'note',
  expected: 'events of TensorBoard',
  found: 'no bytes',
  hint: 'Nothing was logged there; delete it if nothing will be.',
};

function ofDamaged({ records, damaged }: RecordsRead): Told[] {
  if (damaged === 0) return [];
  return [
    {
      code: 'bad-checksum',
      severity: 'warning',
      expected: 'records as they were written',
      found: `${plural(damaged, 'record')} of ${formatCount(records)} whose bytes are others`,
      hint: 'They are left out; all others are shown. Restore the file from where it was recorded.',
    },
  ];
}

function ofStop({ records, stop }: RecordsRead, size: number): Told[] {
  if (stop === undefined) return [];
  const place = `at byte ${formatCount(stop.at)} of ${formatCount(size)}`;
  if (stop.why === 'torn' && records > 0)
    return [
      {
        code: 'truncated',
        severity: 'note',
        expected: 'a whole record',
        found: `one that ends in the middle, ${place}`,
        hint: 'What stands before it is shown; a writer that goes on, or was stopped, leaves this.',
      },
    ];
  const isOther = records === 0;
  return [
    {
      code: isOther ? 'wrong-schema' : 'bad-checksum',
      severity: 'warning',
      expected: 'a length with its checksum',
      found: `something else ${place}`,
      hint: isOther
        ? 'It is no event file of TensorBoard, or was changed on its way here.'
        : 'What stands before it is shown; what follows cannot be found. Restore the file from where it was recorded.',
    },
  ];
}
