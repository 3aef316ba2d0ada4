import { describe, expect, it } from 'vitest';
import { drawLineage, textWidth } from '../../src/charts/lineage.ts';
import {
  groupLineage,
  type LineageItem,
  type LineageLink,
  lineageNeighbours,
  relatives,
} from '../../src/charts/lineage-groups.ts';

const text = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;

function item(id: string, group: string, given: Partial<LineageItem> = {}): LineageItem {
  return { id, label: id, group, kind: 'run', status: 'completed', ...given };
}

/** One input, one process, `tasks` trainings, every third evaluated, one report. */
function project(tasks: number): { items: LineageItem[]; links: LineageLink[] } {
  const items = [
    item('data:raw', '', { label: 'raw', kind: 'data', status: undefined }),
    item('process', 'results'),
    item('report', 'results'),
  ];
  const links: LineageLink[] = [{ from: 'data:raw', to: 'process', kind: 'data' }];
  for (let at = 0; at < tasks; at++) {
    items.push(item(`run_${at}`, 'results/train', { status: at % 9 === 4 ? 'failed' : 'completed' }));
    links.push({ from: 'process', to: `run_${at}`, kind: 'stage' });
    if (at % 3 !== 0) continue;
    items.push(item(`eval_${at}`, 'results/eval'));
    links.push(
      { from: `run_${at}`, to: `eval_${at}`, kind: 'stage' },
      { from: `eval_${at}`, to: 'report', kind: 'stage' },
    );
  }
  return { items, links };
}

describe('groups of a lineage', () => {
  it('are layers of one name: forty trainings are one, and what stands before and behind them is not among them', () => {
    const { items, links } = project(40);
    const { groups, links: between, alone } = groupLineage(items, links);
    expect(groups.map(({ label, items: inside }) => `${inside.length} ${label}`)).toEqual([
      '1 raw',
      '1 process',
      '1 report',
      '14 results/eval',
      '40 results/train',
    ]);
    expect(between.map(({ from, to, count }) => `${from} ${to} ${count}`)).toEqual([
      'data:raw process 1',
      'eval_0 report 14',
      'process run_0 40',
      'run_0 eval_0 14',
    ]);
    expect(alone).toEqual([]);
  });

  it('stay single where there are few, and name what has no link apart', () => {
    const { items, links } = project(3);
    const { groups, alone } = groupLineage([...items, item('lonely', 'x')], links);
    expect(groups.every(({ items: inside }) => inside.length === 1)).toBe(true);
    expect(alone.map(({ id }) => id)).toEqual(['lonely']);
  });

  it('are the same in any order, and count numbers in names by their value', () => {
    const { items, links } = project(40);
    const turned = groupLineage([...items].reverse(), [...links].reverse());
    expect(turned).toEqual(groupLineage(items, links));
    const trained = turned.groups.find(({ label }) => label === 'results/train');
    expect(trained?.items.slice(0, 11).map(({ id }) => id)).toEqual(
      Array.from({ length: 11 }, (_, at) => `run_${at}`),
    );
  });

  it('leave out loops and links to nowhere, and survive circles', () => {
    const items = Array.from({ length: 30 }, (_, at) => item(`r${at}`, 'a'));
    const circle = items.map(
      ({ id }, at): LineageLink => ({ from: id, to: `r${(at + 1) % 30}`, kind: 'stage' }),
    );
    const grouped = groupLineage(items, [
      ...circle,
      { from: 'r1', to: 'r1', kind: 'stage' },
      { from: 'r1', to: 'gone', kind: 'stage' },
    ]);
    expect(grouped.groups).toHaveLength(1);
    expect(grouped.links).toEqual([]);
    expect(drawLineage(grouped, new Set()).boxes).toHaveLength(1);
    expect(groupLineage([], [])).toEqual({ groups: [], links: [], alone: [] });
  });

  it('become coarser where every run has a name of its own', () => {
    const items = Array.from({ length: 3000 }, (_, at) => item(`r${at}`, `top/${at % 3}/${at}`));
    const links = items.slice(1).map(({ id }): LineageLink => ({ from: 'r0', to: id, kind: 'stage' }));
    const { groups } = groupLineage(items, links);
    expect(groups.length).toBeLessThan(400);
    expect(groups.reduce((sum, { items: inside }) => sum + inside.length, 0)).toBe(3000);
  });

  it('take hostile names for names', () => {
    const items = ['__proto__', 'constructor', '', '<b>'].map((id) => item(id, id));
    const links: LineageLink[] = [
      { from: '__proto__', to: 'constructor', kind: 'stage' },
      { from: '', to: '<b>', kind: 'stage' },
    ];
    expect(groupLineage(items, links).groups).toHaveLength(4);
  });
});

describe('relatives', () => {
  it('are all ancestors and descendants, the nearest first where there are too many', () => {
    const { links } = project(40);
    const neighbours = lineageNeighbours(links);
    const { ancestors, descendants } = relatives(neighbours, 'run_3');
    expect([...ancestors]).toEqual(['process', 'data:raw']);
    expect([...descendants]).toEqual(['eval_3', 'report']);
    expect(relatives(neighbours, 'process', 5).descendants.size).toBe(5);
    expect(relatives(neighbours, 'unknown')).toEqual({ ancestors: new Set(), descendants: new Set() });
  });
});

describe('a drawn lineage', () => {
  it('puts parents left of children, in the same way every time', async () => {
    const { items, links } = project(40);
    const drawing = drawLineage(groupLineage(items, links), new Set());
    await expect(
      text(drawing.boxes.map(({ items: inside, ...box }) => ({ ...box, count: inside.length }))),
    ).toMatchFileSnapshot('../golden/charts/lineage-boxes.json');
    const left = new Map(drawing.boxes.map(({ id, x }) => [id, x]));
    for (const { from, to, path } of drawing.lines) {
      expect(left.get(from)!).toBeLessThan(left.get(to)!);
      expect(path).toMatch(/^M[\d.]+,[\d.]+[LC]/);
    }
  });

  it('gives every item of an opened group a place of its own inside its frame', () => {
    const { items, links } = project(300);
    const grouped = groupLineage(items, links);
    const group = grouped.groups.find(({ label }) => label === 'results/train')!;
    const frame = drawLineage(grouped, new Set([group.id])).boxes.find(({ id }) => id === group.id)!;
    expect(frame.places).toHaveLength(300);
    expect(new Set(frame.places.map(({ x, y }) => `${x} ${y}`)).size).toBe(300);
    for (const place of frame.places) {
      expect(place.x).toBeGreaterThanOrEqual(frame.x);
      expect(place.x + place.width).toBeLessThanOrEqual(frame.x + frame.width + 1);
      expect(place.y + place.height).toBeLessThanOrEqual(frame.y + frame.height + 1);
    }
    expect(frame.width / frame.height).toBeGreaterThan(0.4);
  });

  it('is empty for nothing, and keeps very long names in their boxes', () => {
    expect(drawLineage(groupLineage([], []), new Set())).toEqual({
      width: 0,
      height: 0,
      boxes: [],
      lines: [],
    });
    const items = [item('a', 'g'.repeat(900), { label: '名'.repeat(400) }), item('b', 'g')];
    const { boxes } = drawLineage(groupLineage(items, [{ from: 'a', to: 'b', kind: 'stage' }]), new Set());
    for (const box of boxes) expect(box.width).toBeLessThanOrEqual(232);
    expect(textWidth('名名')).toBeGreaterThan(textWidth('ab'));
  });
});
