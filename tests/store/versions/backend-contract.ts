import { describe, expect, it } from 'vitest';
import { checksumOf, serializeContent } from '../../../collector/formats/versions/content.ts';
import { storeTime, type VersionMetadata } from '../../../collector/formats/versions/version.ts';
import type { VersionBackend } from '../../../collector/store/versions/backend.ts';

let number = 0;

/** Metadata of a version whose content is `{ n }`, each a second younger than the one before. */
export function sampleMetadata(version: string, more: Partial<VersionMetadata> = {}): VersionMetadata {
  number += 1;
  return {
    version,
    created_at: storeTime(Date.UTC(2026, 0, 1) * 1000 + number * 1e6),
    tags: [],
    description: '',
    user_info: {},
    checksum: checksumOf({ n: 1 }),
    size_bytes: 7,
    entry_count: 1,
    stored_bytes: 7,
    ...more,
  };
}

/** What every backend promises; `open` gives one over an empty place, and `again` another view of the same place. */
export function describeBackend(
  name: string,
  open: () => { backend: VersionBackend; again: () => VersionBackend },
): void {
  const bytes = serializeContent({ n: 1 });
  const none = () => undefined;
  const add = (backend: VersionBackend, metadata: VersionMetadata) =>
    backend.exclusive(() => backend.create(metadata, { form: 'full', bytes }));

  describe(`the ${name} backend`, () => {
    it('is empty at first', async () => {
      const { backend } = open();
      expect(await backend.list(none)).toEqual([]);
      expect(await backend.newest()).toBeUndefined();
      expect(await backend.readMetadata('a')).toBeUndefined();
      expect(await backend.readContent('a', 'full')).toBeUndefined();
      expect(await backend.findName('a')).toBeUndefined();
      expect(await backend.readPins()).toEqual(new Map());
    });

    it('gives back what was created, also to others, and creates a name once', async () => {
      const { backend, again } = open();
      const metadata = sampleMetadata('a', {
        tags: ['é', 'with space'],
        description: 'd',
        user_info: { x: [1] },
      });
      expect(await add(backend, metadata)).toBe(true);
      expect(await add(backend, sampleMetadata('a'))).toBe(false);
      for (const each of [backend, again()]) {
        expect(await each.readMetadata('a')).toEqual(metadata);
        expect(await each.readContent('a', 'full')).toEqual(bytes);
        expect(await each.readContent('a', 'delta')).toBeUndefined();
        expect(await each.list(none)).toEqual([metadata]);
      }
    });

    it('knows the newest by its time, whatever the order of creation', async () => {
      const { backend, again } = open();
      const [old, middle, young] = ['old', 'middle', 'young'].map((version) => sampleMetadata(version));
      for (const metadata of [middle!, young!, old!]) await add(backend, metadata);
      expect((await backend.newest())?.version).toBe('young');
      expect((await again().newest())?.version).toBe('young');
      await backend.exclusive(() => backend.remove('young'));
      expect((await backend.newest())?.version).toBe('middle');
      expect((await again().newest())?.version).toBe('middle');
    });

    it('finds names that differ only in case or accents', async () => {
      const { backend } = open();
      await add(backend, sampleMetadata('Version-1'));
      expect(await backend.findName('Version-1')).toBe('Version-1');
      expect(await backend.findName('version-1')).toBe('Version-1');
      expect(await backend.findName('version-2')).toBeUndefined();
    });

    it('replaces metadata', async () => {
      const { backend, again } = open();
      const metadata = sampleMetadata('a');
      await add(backend, metadata);
      await again().list(none);
      const tagged = { ...metadata, tags: ['new'] };
      await backend.exclusive(() => backend.writeMetadata(tagged));
      for (const each of [backend, again()]) {
        expect(await each.list(none)).toEqual([tagged]);
        expect(await each.readMetadata('a')).toEqual(tagged);
      }
    });

    it('stores the same value in another form', async () => {
      const { backend } = open();
      await add(backend, sampleMetadata('base'));
      const metadata = sampleMetadata('a', { user_info: { delta_base_version: 'base' }, chain: ['base'] });
      const delta = Buffer.from('[]');
      await backend.exclusive(() => backend.create(metadata, { form: 'delta', bytes: delta }));
      expect(await backend.readContent('a', 'delta')).toEqual(delta);
      const whole = { ...metadata, user_info: {}, chain: undefined };
      await backend.exclusive(() => backend.replaceContent(whole, { form: 'full', bytes }, bytes));
      expect(await backend.readContent('a', 'full')).toEqual(bytes);
      expect(await backend.readContent('a', 'delta')).toBeUndefined();
      await backend.exclusive(() => backend.replaceContent(metadata, { form: 'delta', bytes: delta }, bytes));
      expect(await backend.readContent('a', 'full')).toBeUndefined();
      expect(await backend.readContent('a', 'delta')).toEqual(delta);
      expect((await backend.readMetadata('a'))?.user_info).toEqual({ delta_base_version: 'base' });
    });

    it('forgets what was removed, and takes the name again', async () => {
      const { backend, again } = open();
      const other = again();
      await add(backend, sampleMetadata('a'));
      await add(backend, sampleMetadata('b'));
      expect(await other.list(none)).toHaveLength(2);
      await backend.exclusive(() => backend.remove('a'));
      for (const each of [backend, other, again()]) {
        expect((await each.list(none)).map(({ version }) => version)).toEqual(['b']);
        expect(await each.readContent('a', 'full')).toBeUndefined();
      }
      expect(await add(other, sampleMetadata('a', { description: 'again' }))).toBe(true);
      expect((await backend.readMetadata('a'))?.description).toBe('again');
      expect(await backend.list(none)).toHaveLength(2);
    });

    it('says the same after it was settled and closed', async () => {
      const { backend, again } = open();
      for (const version of ['a', 'b', 'c']) await add(backend, sampleMetadata(version));
      await backend.exclusive(() => backend.settle());
      await add(backend, sampleMetadata('d'));
      await backend.exclusive(() => backend.remove('a'));
      const before = await backend.list(none);
      await backend.close();
      const after = await again().list(none);
      const names = (all: VersionMetadata[]) => all.map(({ version }) => version).sort();
      expect(names(after)).toEqual(['b', 'c', 'd']);
      expect(names(before)).toEqual(names(after));
    });

    it('keeps tags of periodic snapshots', async () => {
      const { backend, again } = open();
      await backend.exclusive(() => backend.writePin('periodic_20260101_000000', ['release 1', 'é']));
      expect(await again().readPins()).toEqual(new Map([['periodic_20260101_000000', ['release 1', 'é']]]));
      await backend.exclusive(() => backend.writePin('periodic_20260101_000000', []));
      expect(await again().readPins()).toEqual(new Map());
    });

    it('lets one change at a time through, and goes on after one that failed', async () => {
      const { backend } = open();
      const seen: string[] = [];
      const slow = backend.exclusive(async () => {
        seen.push('in');
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push('out');
      });
      const failing = backend.exclusive(() => Promise.reject(new Error('no')));
      const last = backend.exclusive(async () => void seen.push('last'));
      await Promise.all([slow, expect(failing).rejects.toThrow('no'), last]);
      expect(seen).toEqual(['in', 'out', 'last']);
    });
  });
}
