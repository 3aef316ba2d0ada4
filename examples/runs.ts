/**
 * Runs in one page: try three learning rates; each becomes a run of the ledger with a receipt (code, data, settings) and
 * an experiment (metrics, artifacts) in its folder. What is done already is not done again.
 * Run it in any git repository: `node examples/runs.ts [folder]`, and once more to see that nothing is repeated.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBook } from '../collector/index.ts';

const book = await openBook(process.argv[2]);
const inBook = (path: string) => join(book.root, path);

mkdirSync(inBook('data'), { recursive: true });
writeFileSync(inBook('data/points.csv'), 'x,y\n1,2\n2,4\n3,6\n');

// The register of these runs is results/metadata.json; each run gets the folder results/rates/<number>.
const ledger = book.ledger.open({ ledger: 'results/metadata.json' });

for (const lr of [0.3, 0.03, 0.003]) {
  const { uid, skipped } = await ledger.run(
    'train',
    { lr, epochs: 5 },
    async (session) => {
      const folder = `results/${session.folder}`;
      await book.receipts.issue({ config: { lr, epochs: 5 }, repos: '.', data: 'data', out: folder });
      const experiment = await book.experiments.start(folder, { name: `lr ${lr}`, tags: ['example'] });
      try {
        const weights = await train(lr, (epoch, loss) =>
          experiment.metric({ loss }, { epoch, directions: { loss: 'min' } }),
        );
        writeFileSync(inBook(`${folder}/train_weights.json`), JSON.stringify({ slope: weights }));
        await experiment.artifact(`${folder}/train_weights.json`, { type: 'checkpoint' });
        await session.attach({ weights: 'train_weights.json' });
        await experiment.complete();
      } catch (error) {
        await experiment.fail(error);
        throw error;
      }
    },
    { relpath: 'rates' },
  );
  console.log(`lr ${lr}: run ${uid}${skipped ? ', done before' : ''}`);
}

const [best] = await book.runs.list({
  where: 'tag = example AND status = completed',
  sort: 'loss',
  limit: 1,
});
console.log(`the best is ${best?.key} with lr ${best?.params['lr']}, loss ${best?.metrics['loss']}`);
for (const { file, state } of await book.receipts.verify()) console.log(`${file} ${state}`);
await book.close();

/** Fits y = slope * x to three points; stands for whatever takes long. */
async function train(lr: number, onEpoch: (epoch: number, loss: number) => Promise<void>): Promise<number> {
  let slope = 0;
  for (let epoch = 1; epoch <= 5; epoch++) {
    const errors = [1, 2, 3].map((x) => x * slope - 2 * x);
    slope -= (lr / 3) * errors.reduce((sum, error, at) => sum + error * (at + 1), 0);
    await onEpoch(epoch, errors.reduce((sum, error) => sum + error ** 2, 0) / 3);
  }
  return slope;
}
