import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVersionStore } from '../../collector/operations/versions/book-versions.ts';
import { hostile } from './sample-book.ts';

const firstUs = Date.UTC(2026, 8, 1) * 1000;

/** A state that changes a little with every step. */
export function stateAt(step: number): Record<string, unknown> {
  const limits = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`limit_${at}`, at * 10]));
  return {
    step,
    mode: step < 6 ? 'warm' : 'steady',
    limits: { ...limits, limit_7: step },
    notes: 'a b c d e f',
  };
}

/**
 * A book whose store has chains, tags, texts, hostile words, a version that is damaged, one whose base is gone, one that
 * only the list knows, and a name that another program gave.
 */
export async function writeVersionBook(
  root: string,
  given: { count: number; pages?: number },
): Promise<void> {
  const store = join(root, 'snapshots', 'store');
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  writeFileSync(
    join(root, 'daybook.yaml'),
    `title: Versions\n${given.pages === undefined ? '' : `site:\n  versionPages: ${given.pages}\n`}`,
  );
  let nowUs = firstUs;
  const manager = openVersionStore({
    basePath: store,
    root,
    isOfBook: true,
    clock: { nowUs: () => nowUs },
  });
  const next = () => {
    nowUs += 3_600_000_000;
  };
  for (let step = 0; step < given.count; step++) {
    next();
    await manager.saveDelta(stateAt(step), {
      version: `state-${String(step).padStart(4, '0')}`,
      tags: step % 5 === 0 ? ['fifth'] : [],
      description: step % 4 === 0 ? `Step ${step}` : '',
      userInfo: { host: 'gpu-3' },
    });
  }
  next();
  await manager.saveDelta(
    { ...stateAt(given.count), mode: 'branch' },
    { version: 'branch', base: 'state-0000', tags: ['odd one'] },
  );
  next();
  await manager.save('first line\nsecond line\n', { version: 'text' });
  next();
  await manager.save(
    { [hostile.image]: hostile.script, deep: { [hostile.quote]: [hostile.comment] }, turned: hostile.turned },
    {
      version: 'hostile',
      tags: [hostile.script, hostile.turned],
      description: hostile.image,
      userInfo: { [hostile.quote]: hostile.link },
    },
  );
  next();
  await manager.save({ gone: true }, { version: 'damaged' });
  await manager.close();
  writeFileSync(join(store, 'data', 'damaged.data'), '{"gone": false}');
  addForeign(store, nowUs);
}

/** What other programs left: a name with every kind of letter, a delta without its base, an entry without its files. */
function addForeign(store: string, nowUs: number): void {
  const at = new Date(nowUs / 1000 + 3_600_000).toISOString();
  const metadata = {
    created_at: at,
    tags: [],
    description: '',
    user_info: {},
    checksum: null,
    size_bytes: 9,
    entry_count: 1,
  };
  const name = `Ünsafe <img src=x onerror='window.hurt=9'> ${'long'.repeat(30)}`;
  writeFileSync(join(store, 'metadata', `${name}.json`), JSON.stringify({ version: name, ...metadata }));
  writeFileSync(join(store, 'data', `${name}.data`), '{"a": 1}');
  const orphan = { ...metadata, version: 'orphan', user_info: { delta_base_version: 'long-gone' } };
  writeFileSync(join(store, 'metadata', 'orphan.json'), JSON.stringify(orphan));
  writeFileSync(join(store, 'data', 'orphan.patch.json'), '[]');
  const registry = join(store, 'registry.json');
  const listed = JSON.parse(readFileSync(registry, 'utf8')) as { snapshots: Record<string, unknown> };
  listed.snapshots['ghost'] = { version: 'ghost', ...metadata };
  writeFileSync(registry, JSON.stringify(listed));
  rmSync(join(store, 'registry.journal.jsonl'), { force: true });
}
