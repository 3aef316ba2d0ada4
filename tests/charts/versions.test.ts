import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxLanes, type RailVersion, versionRail } from '../../src/charts/version-rail.ts';
import { versionSizes } from '../../src/charts/version-sizes.ts';

const text = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;
const version = (name: string, base?: string): RailVersion => ({ name, base });

describe('the rail of versions', () => {
  it('draws a chain, two that rest on one, and one whose base is gone', async () => {
    const rail = versionRail([
      version('g', 'e'),
      version('f', 'b'),
      version('e', 'd'),
      version('lost', 'gone'),
      version('d'),
      version('c', 'b'),
      version('b', 'a'),
      version('a'),
    ]);
    await expect(text(rail)).toMatchFileSnapshot('../golden/charts/version-rail.json');
  });

  it('gives whole versions a mark without lines', () => {
    const { rows, lanes } = versionRail([version('b'), version('a')]);
    expect(rows.map(({ kind, lane, lines }) => [kind, lane, lines.length])).toEqual([
      ['whole', 0, 0],
      ['whole', 0, 0],
    ]);
    expect(lanes).toBe(1);
    expect(versionRail([])).toEqual({ rows: [], lanes: 0 });
  });

  it('stays narrow where a hundred rest on one', () => {
    const deltas = Array.from({ length: 100 }, (_, at) => version(`d${at}`, 'base'));
    const { lanes } = versionRail([...deltas, version('base')]);
    expect(lanes).toBe(2);
  });

  it('takes bases that are newer, or themselves, for lost', () => {
    const { rows } = versionRail([version('b', 'b'), version('a', 'b')]);
    expect(rows.map(({ isLost }) => isLost)).toEqual([true, true]);
  });

  it('leads every line on from row to row, down to a mark', () => {
    const bases = fc.array(fc.option(fc.nat(30), { nil: undefined }), { maxLength: 30 });
    fc.assert(
      fc.property(bases, (steps) => {
        // Few enough lanes to be told apart: what is narrowed has no lines.
        const versions = steps.map((step, at) =>
          version(String(at), step === undefined ? undefined : String(at + 1 + (step % 3))),
        );
        const { rows, lanes } = versionRail(versions);
        expect(lanes).toBeLessThanOrEqual(maxLanes);
        for (const [at, row] of rows.entries()) {
          const below = row.lines.filter(({ reach }) => reach !== 'above').map(({ to }) => to);
          const above = (rows[at + 1]?.lines ?? [])
            .filter(({ reach }) => reach !== 'below')
            .map(({ from }) => from);
          expect([...new Set(above)].sort()).toEqual([...new Set(below)].sort());
          for (const line of row.lines) if (line.reach === 'above') expect(line.to).toBe(row.lane);
        }
      }),
    );
  });
});

describe('the sizes of versions', () => {
  const size = (wholeBytes: number, storedBytes = wholeBytes) => ({
    wholeBytes,
    storedBytes,
    isWhole: wholeBytes === storedBytes,
  });

  it('are bars of what is stored within what it would be whole', async () => {
    const bars = versionSizes([size(400), size(410, 41), size(420, 0), size(100)], {
      width: 1000,
      height: 64,
      most: 240,
    });
    await expect(text(bars)).toMatchFileSnapshot('../golden/charts/version-sizes.json');
  });

  it('share a bar where there are many, and none is lost', () => {
    const { bars } = versionSizes(
      Array.from({ length: 10_001 }, () => size(10, 1)),
      { width: 1000, height: 64, most: 240 },
    );
    expect(bars.length).toBeLessThanOrEqual(240);
    expect(bars.reduce((sum, { wholeBytes }) => sum + wholeBytes, 0)).toBe(100_010);
    expect(bars.at(-1)?.end).toBe(10_001);
    expect((bars.at(-1)?.x ?? 0) + (bars.at(-1)?.width ?? 0)).toBeLessThanOrEqual(1000);
  });

  it('are flat where nothing takes room', () => {
    expect(versionSizes([size(0)], { width: 10, height: 10, most: 5 }).bars[0]).toMatchObject({
      stored: 0,
      whole: 0,
    });
    expect(versionSizes([], { width: 10, height: 10, most: 5 })).toEqual({ bars: [], maxBytes: 0 });
  });
});
