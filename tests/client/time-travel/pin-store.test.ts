import { beforeEach, describe, expect, it } from 'vitest';
import type { DataFiles } from '../../../src/client/data-files.ts';
import { FieldStore } from '../../../src/client/snapshots/field-store.ts';
import { maxPins, PinStore } from '../../../src/client/time-travel/pin-store.ts';
import type { FieldPoint } from '../../../src/data/snapshots/index.ts';

/** A hundred snapshots, one a second. */
const times = Array.from({ length: 100 }, (_, number) => number * 1e6);
const points: Record<string, FieldPoint[]> = {
  mode: [[0, 'slow'], [40, 'fast'], [44], [80, 'fast']],
  ...Object.fromEntries(
    Array.from({ length: maxPins }, (_, at) => [`load_${at}`, [[0, at]] as FieldPoint[]]),
  ),
};
const fields = Object.keys(points).map((path) => ({ path, changes: points[path]!.length - 1 }));
let asked: string[];
let isBroken: boolean;
let store: PinStore;

beforeEach(() => {
  asked = [];
  isBroken = false;
  const values = { fields: fields.map(({ path }) => ({ path, points: points[path]! })) };
  const packedJson = async (name: string) => {
    asked.push(name);
    if (isBroken) throw new Error('away');
    return values;
  };
  const open = new FieldStore(
    { packedJson } as unknown as DataFiles,
    {
      format: 2,
      fields: fields.map((field) => ({ ...field, section: 'state' })),
      parts: [{ first: 0, files: [{ file: 'values-0', fields: [...fields.keys()] }] }],
    },
    [],
  );
  store = new PinStore(times, () => Promise.resolve(open), ['mode']);
});

describe('pinned fields', () => {
  it('are those that the page printed, and are read when they are first needed', async () => {
    expect([store.paths, store.at, asked]).toEqual([['mode'], 99, []]);
    expect((await store.pin('mode'))?.points).toHaveLength(4);
    await store.pin('load_1');
    expect(asked).toEqual(['values-0']);
  });

  it('are added behind the others, once, and taken away', async () => {
    expect((await store.add('load_1')).said).toBe('load_1 is pinned: 0 changes.');
    expect((await store.add('mode')).said).toBe('mode is pinned: 3 changes.');
    expect(store.paths).toEqual(['mode', 'load_1']);
    store.remove('mode');
    expect(store.paths).toEqual(['load_1']);
  });

  it('are no more than fit, but one that is pinned already can be asked for', async () => {
    await store.replace(fields.map(({ path }) => path));
    expect(store.paths).toHaveLength(maxPins);
    const refused = await store.add(`load_${maxPins - 1}`);
    expect([refused.said.slice(0, 21), refused.pin]).toEqual(['12 fields are pinned,', undefined]);
    expect((await store.add('mode')).pin).toBeDefined();
    expect(store.paths).toHaveLength(maxPins);
  });

  it('are replaced by those that an address names, without those that are none', async () => {
    expect((await store.replace(['load_2', 'mood', 'mode'])).map(({ path }) => path)).toEqual([
      'load_2',
      'mode',
    ]);
    expect(store.paths).toEqual(['load_2', 'mode']);
    expect(await store.add('mood')).toEqual({ said: 'No field is called “mood”.' });
  });

  it('stay as they are where their values cannot be read, and can be asked for again', async () => {
    isBroken = true;
    await expect(store.add('load_3')).rejects.toThrow('away');
    expect(store.paths).toEqual(['mode']);
    isBroken = false;
    expect((await store.add('load_3')).pin).toBeDefined();
  });

  it('say what a field was at the snapshot that is shown', async () => {
    const mode = (await store.pin('mode'))!;
    const said = [99, 43, 44, 0].map((at) => {
      store.at = at;
      const { moment, changes } = store.fieldOf(mode);
      return [moment.text, moment.sinceUs, changes];
    });
    expect(said).toEqual([
      ['fast', 80e6, 3],
      ['fast', 40e6, 3],
      ['no longer recorded', 44e6, 3],
      ['slow', 0, 3],
    ]);
  });

  it('lead from change to change; that a field was first recorded is none', async () => {
    const mode = (await store.pin('mode'))!;
    const from = (at: number) => {
      store.at = at;
      return [store.change(mode, -1), store.change(mode, 1)];
    };
    expect([from(0), from(40), from(42), from(80)]).toEqual([
      [undefined, 40],
      [undefined, 44],
      [40, 44],
      [44, undefined],
    ]);
  });

  it('mean a change that lies near to a click, and else the nearest snapshot', async () => {
    const mode = (await store.pin('mode'))!;
    const pointed = (second: number) => store.pointed(mode, second / 99, 2 / 99);
    expect([39, 41.9, 42.1, 46.6, 60.4, 1, -5, 200].map(pointed)).toEqual([40, 40, 44, 47, 60, 1, 0, 99]);
  });
});
