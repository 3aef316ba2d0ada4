import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { hostile } from './sample-book.ts';

const dayUs = 86_400_000_000;
const startUs = Date.UTC(2026, 10, 18, 9) * 1000;

/** How many trainings the book has: more than are shown one by one. */
export const trainings = 36;

/**
 * A book of runs as four programs leave them: receipts of a small project with a sweep, experiments with curves and
 * artifacts, a ledger with a second attempt, and names that would break out of any page that trusted them.
 */
export function writeRunBook(root: string, pages?: number, trained = trainings): void {
  const write = (path: string, content: string | Uint8Array) => {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  write(
    'daybook.yaml',
    `title: Runs\nsite:\n  repository: https://example.org/acme/atlas\n${pages === undefined ? '' : `  runPages: ${pages}\n`}`,
  );
  writeProject(write, trained);
  for (let number = 0; number < 4; number++) writeExperiment(write, number);
  writeHostile(write);
  write('ledger/metadata.json', JSON.stringify(ledger()));
  const actions = openActionWriter(root, { clock: { nowUs: () => startUs + dayUs } });
  actions.append({ type: 'train', status: 'completed', details: { epochs: 20 }, run: 'experiments/exp-2' });
  void actions.close();
}

type Write = (path: string, content: string | Uint8Array) => void;

function writeProject(write: Write, trained: number): void {
  write('results/process/run.lock', lock(0, { config: { param: 1 }, data: { raw: 'f17da056787e75e4' } }));
  for (let number = 0; number < trained; number++) {
    write(
      `results/train/run_${number}/run.lock`,
      lock(number + 1, {
        config: { lr: 0.1 / (number + 1), batch: 32, opt: { name: number % 2 ? 'adam' : 'sgd' } },
        from: { process: 'results/process' },
      }),
    );
  }
  for (const number of [0, 1, 2]) {
    const from = {
      [`run_${number}`]: `results/train/run_${number}`,
      [`run_${number + 9}`]: `results/train/run_${number + 9}`,
    };
    write(`results/eval/${number}/run.lock`, lock(50 + number, { config: { metric: 'iou' }, from }));
  }
}

interface LockGiven {
  config: Record<string, unknown>;
  data?: Record<string, string>;
  from?: Record<string, string>;
}

/** A run.lock of the current generation; YAML takes JSON as it is. */
function lock(minutes: number, { config, data, from }: LockGiven): string {
  const timestamp = new Date(startUs / 1000 + minutes * 60_000).toISOString().replace('Z', '000');
  const lineage = Object.fromEntries(
    Object.entries(from ?? {}).map(([name, path]) => [name, { path, info: { config: { save_dir: path } } }]),
  );
  const repository = {
    commit: '6a251b4905efbbc4eaae8b1685f906c099dd2772',
    tree: '657c9da825d98d3ae12fe49dd7f5119f6f555f57',
    is_dirty: minutes % 2 === 1,
    path: '.',
  };
  return JSON.stringify({
    timestamp,
    repos: { main: repository },
    ...(data === undefined ? {} : { data }),
    ...(from === undefined ? {} : { lineage }),
    config,
  });
}

function writeExperiment(write: Write, number: number): void {
  const place = `experiments/exp-${number}`;
  const started = new Date(startUs / 1000 + number * 3_600_000).toISOString();
  const isFailed = number === 3;
  write(
    `${place}/experiment_tracker.json`,
    JSON.stringify({
      experiment_id: `exp-${number}`,
      experiment_name: 'unet',
      timestamp: started,
      status: isFailed ? 'failed' : 'completed',
      description: isFailed
        ? 'Training failed: CUDA out of memory. Tried to allocate 2.00 GiB'
        : 'A small one',
      tags: ['keep'],
      config_summary: { lr: 0.1 / (number + 1), epochs: 20, model: 'unet' },
      best_metrics: { iou: 0.6 + number / 20, loss: 0.4 - number / 20 },
      git_commit: 'a9efb2b6805faee2b59694e6478f7732617dc780',
      git_branch: 'main',
      checkpoint_paths: [`${place}/model.bin`],
      metric_files: ['metrics/metrics.jsonl', 'confusion.csv', 'summary.json'],
      visualization_files: ['curves.png', 'drawing.svg', 'report.html'],
      created_at: started,
      started_at: started,
      completed_at: new Date(Date.parse(started) + 900_000).toISOString(),
    }),
  );
  const lines = Array.from({ length: 20 }, (_, at) =>
    JSON.stringify({
      epoch: at + 1,
      loss: 1 / (at + 1 + number),
      iou: 1 - 1 / (at + 2),
      lr: 0.1 * 0.6 ** at,
    }),
  );
  lines[7] = '{"epoch": 8, "loss": NaN, "iou": 0.5, "lr": 0.01}';
  write(`${place}/metrics/metrics.jsonl`, `${lines.join('\n')}\n`);
  write(`${place}/confusion.csv`, 'class,precision\nroad,0.9\n"=cmd|x",0.8\n');
  write(`${place}/summary.json`, JSON.stringify({ best: { iou: 0.8 }, bytes: 1234567 }));
  write(`${place}/curves.png`, png(64, 40));
  write(`${place}/drawing.svg`, '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hurt=6"></svg>');
  write(`${place}/report.html`, '<script>window.hurt=7</script>');
  write(`${place}/model.bin`, new Uint8Array([0, 1, 2, 3]));
}

function writeHostile(write: Write): void {
  const long = 'a-very-long-name-'.repeat(40);
  write(
    'experiments/hostile/experiment_tracker.json',
    `{"experiment_id": ${JSON.stringify(hostile.script)}, "experiment_name": ${JSON.stringify(hostile.image)},
      "status": ${JSON.stringify(hostile.quote)}, "timestamp": "2026-11-19T08:00:00",
      "description": ${JSON.stringify(`${hostile.script} ${hostile.turned} ${hostile.control} ${'word'.repeat(1200)}`)},
      "tags": [${JSON.stringify(hostile.image)}, "__proto__", ${JSON.stringify(long)}],
      "config_summary": {"__proto__": 1, "constructor": "x", ${JSON.stringify(hostile.image)}: ${JSON.stringify(hostile.script)}, ${JSON.stringify(long)}: ${JSON.stringify(long)}, "url": ${JSON.stringify(hostile.link)}},
      "best_metrics": {"__proto__": 0.5, ${JSON.stringify(hostile.quote)}: NaN},
      "git_commit": ${JSON.stringify(hostile.link)}, "hostname": ${JSON.stringify(hostile.comment)},
      "visualization_files": [${JSON.stringify(hostile.link)}, ${JSON.stringify(hostile.image)}, "../../../etc/passwd", "/etc/passwd"]}`,
  );
  write(
    'experiments/hostile/metrics/metrics.jsonl',
    `{"epoch": 1, "__proto__": 1, ${JSON.stringify(hostile.image)}: 2}\n{"epoch": 2, "__proto__": 2, ${JSON.stringify(hostile.image)}: NaN}\n`,
  );
}

function ledger(): object {
  const at = (seconds: number) => new Date(startUs / 1000 + seconds * 1000).toISOString().replace('Z', '000');
  return {
    train: {
      grid: {
        '000': {
          status: 'done',
          param_hash: null,
          files: {},
          timestamp_status_lst: [
            [at(0), 'pending'],
            [at(40), 'running'],
            [at(100), 'error'],
            [at(110), 'running'],
            [at(300), 'done'],
          ],
        },
        '001': { status: 'pending', param_hash: null, files: {}, timestamp_status_lst: [[at(0), 'pending']] },
      },
    },
    [hostile.image]: {
      [hostile.script]: {
        '000': { status: 'done', param_hash: null, files: {}, timestamp_status_lst: [[at(0), 'done']] },
      },
    },
  };
}

/** A grey PNG of that size. */
function png(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0x80).map((byte, at) =>
    at % (width + 1) === 0 ? 0 : byte,
  );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
