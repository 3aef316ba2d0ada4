/**
 * The library in one page: open a book, record actions, track a function, read the newest.
 * Run it in any folder that is a book: `node examples/record.ts [folder]`.
 */
import { openBook } from '../collector/index.ts';

const book = await openBook(process.argv[2]);

await book.actions.append({ type: 'data_ingestion', details: { source: 'kaggle', records: 10_000 } });

const accuracy = await book.actions.track('train', { lr: 0.001, batch: 32 }, async (learned) => {
  learned['accuracy'] = 0.95;
  return 0.95;
});

try {
  await book.actions.track('deploy', { target: 'production' }, () => {
    throw new Error('health check timed out');
  });
} catch (error) {
  console.log(`deploy failed: ${(error as Error).message}`);
}

for (const action of await book.actions.list({ limit: 5 })) {
  console.log(action.status.padEnd(10), action.type.padEnd(15), action.durationMs ?? '', action.error ?? '');
}
console.log(`accuracy ${accuracy}, findings ${(await book.findings()).length}`);
await book.close();
