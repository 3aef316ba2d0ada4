import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMasker } from '../../collector/base/mask-secrets.ts';
import { suspectsFor } from '../../collector/store/action-writer.ts';
import { maskingFor } from '../../collector/store/book-masking.ts';
import { canWrite } from '../can-write.ts';

const root = resolve(import.meta.dirname, '../..');

const handedOn = 'what it writes is a record that was masked where it was made';
const moves = 'moves bytes that stand in the book already';
const index = 'hashes, sizes, numbers and paths of what the book has, no text of a record';
const git = 'git objects and work trees: code is kept as it is, or it could not be restored';

/** Everything in collector/store that can write a file, and where what it writes is masked, or why it is not. */
const writers: Readonly<Record<string, string>> = {
  'action-writer.ts': 'masked here',
  'alert-backoff.ts': 'names of channels and times',
  'alert-request.ts': 'an empty file',
  'append-log.ts': handedOn,
  'blobs.ts': handedOn,
  'cache-folder.ts': 'what git leaves out',
  'close-tail.ts': 'a line break',
  'edited-copy.ts': moves,
  'experiments/append-metrics.ts': 'masked here',
  'experiments/write-experiment.ts': 'masked here',
  'file-lock.ts': 'the number of a process',
  'kept-files.ts': 'what files of the book say, in the cache that git leaves out and redact clears',
  'imported-log.ts': handedOn,
  'imported-runs.ts': 'masked here',
  'ledger/adopt-ledger.ts': moves,
  'ledger/fold-ledger.ts': handedOn,
  'ledger/index-file.ts': index,
  'ledger/journal-file.ts': handedOn,
  'ledger/ledger-text.ts': handedOn,
  'ledger/original-lock.ts': 'the lock of pycaddy',
  'log-index/database.ts': index,
  'log-memory.ts': index,
  'log-sums.ts': index,
  'log-merge.ts': moves,
  'output-log/output-log-file.ts': handedOn,
  'periodic-field.ts': 'removes what it kept of fields',
  'periodic-store.ts': handedOn,
  'quarantine.ts': moves,
  'receipts/hash-cache.ts': index,
  'receipts/keep-commit.ts': git,
  'receipts/place-claim.ts': 'the number of a process',
  'receipts/private-index.ts': git,
  'receipts/prune-hash-cache.ts': index,
  'receipts/receipt-files.ts': handedOn,
  'receipts/restore-code.ts': git,
  'replace-log.ts': moves,
  'replaced-log.ts': moves,
  'rerun/git-folder.ts': git,
  'rerun/inner-book.ts': moves,
  'rerun/inner-log.ts': moves,
  'rerun/space.ts': 'empty folders, and links to data',
  'rerun/written.ts': 'what a program wrote that masks its records itself, and files as they are',
  'runs/append-lines.ts': moves,
  'runs/sources/mlflow/database.ts': 'a copy of the database of MLflow, read and removed',
  'runs/kept-runs.ts': 'what files of the book say, in the cache that git leaves out and redact clears',
  'segments/archive-log.ts': moves,
  'segments/archive-snapshots.ts': moves,
  'segments/edit-snapshots.ts': moves,
  'segments/rollups.ts': moves,
  'segments/rewrite-segment.ts': moves,
  'segments/segment-writer.ts': moves,
  'spool/spool-file.ts': handedOn,
  'spool/spool-place.ts': 'an empty folder of the user alone',
  'spool/spooled-receipt.ts': handedOn,
  'spool/take-in.ts': moves,
  'tasks/read-tasks.ts': 'a copy of the database of FlexLock, read and removed',
  'versions/bundle-file.ts': 'copies of versions that were masked when they were saved',
  'versions/file-backend.ts': handedOn,
  'versions/journal.ts': handedOn,
  'versions/pin-files.ts': 'names of versions',
  'versions/place-file.ts': handedOn,
  'versions/repair-versions.ts': moves,
  'versions/store-lock.ts': 'the number of a process',
};

describe('what is written to a book', () => {
  const store = join(root, 'collector/store');
  const files = globSync('**/*.ts', { cwd: store }).map((path) => path.replaceAll('\\', '/'));
  const codeOf = (file: string) => readFileSync(join(store, file), 'utf8');

  it('is known file by file: a new one says whether it masks, or why it need not', () => {
    const writing = files.filter((file) => canWrite(codeOf(file)));
    expect(writing.filter((file) => !Object.hasOwn(writers, file))).toEqual([]);
    const listed = Object.keys(writers).filter((file) => writers[file] !== 'masked here');
    expect(listed.filter((file) => !writing.includes(file))).toEqual([]);
  });

  it.each(Object.keys(writers).filter((file) => writers[file] === 'masked here'))(
    'is masked in %s',
    (file) => {
      expect(codeOf(file)).toMatch(/book-masking\.ts|mask-secrets\.ts/);
    },
  );
});

describe('a masker that fails', () => {
  const failing = (): ReturnType<typeof createMasker> => {
    const fail = () => {
      throw new RangeError('too much');
    };
    return { ...createMasker([]), mask: fail, maskTexts: fail };
  };
  const masking = maskingFor({ keys: [] } as never, failing);

  it('has every line masked that it cannot look at, and loses none', () => {
    const suspects = suspectsFor({ keys: [] }, () => ({ ...failing(), suspects: failing().mask as never }))!;
    expect(suspects('{"any":"line"}')).toBe(true);
  });

  it('costs the texts, never the record: shape, names and numbers stay', () => {
    const withheld = '‹not recorded: masking failed with RangeError›';
    expect(masking.values({ user: 'a', n: 1, list: ['b', true, null] })).toEqual({
      user: withheld,
      n: 1,
      list: [withheld, true, null],
    });
    expect(masking.texts('plain')).toBe(withheld);
    expect(
      JSON.stringify(masking.receipt({ config: { key: 'zq-1' }, repos: { a: { branch: 'zq-2' } } })),
    ).not.toMatch(/zq/);
  });
});
