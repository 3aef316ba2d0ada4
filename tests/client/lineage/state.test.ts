import { beforeEach, describe, expect, it } from 'vitest';
import { LineageState } from '../../../src/client/lineage/state.ts';
import { lineageView } from '../../../src/data/lineage/view.ts';
import type { LineageEdge, LineageGraph, LineageNode } from '../../../src/data/runs/types.ts';

function node(id: string, identifier: string, kind: LineageNode['kind'] = 'run'): LineageNode {
  return { id, kind, name: id, identifier, status: 'completed', atUs: null };
}

/** An input, thirty trainings of it, and a report made from one of them; one run stands alone. */
function graph(): LineageGraph {
  const trainings = Array.from({ length: 30 }, (_, at) => node(`train-${at}`, 'results/train'));
  const edges: LineageEdge[] = trainings.map(({ id }) => ({ from: 'data:raw', to: id, kind: 'data' }));
  edges.push({ from: 'train-7', to: 'report', kind: 'stage' });
  const nodes = [
    node('data:raw', '', 'data'),
    ...trainings,
    node('report', 'results'),
    node('lonely', 'results'),
  ];
  return { nodes, edges, alone: 1, left: 0 };
}

const view = lineageView(graph());
const at = (query: string) => new LineageState(view, new URLSearchParams(query));
let state: LineageState;

beforeEach(() => {
  state = at('');
});

const shapes = () => state.drawing().boxes.map(({ shape, items }) => `${shape} ${items.length}`);

describe('a graph of lineage', () => {
  it('begins gathered, and opens and gathers all that is many', () => {
    const gathered = shapes();
    expect(gathered).toContain('stack 30');
    expect([state.isAnyOpen(), state.query()]).toEqual([false, '']);
    state.openAll();
    expect(shapes()).toContain('frame 30');
    expect(shapes().filter((shape) => shape.startsWith('frame'))).toHaveLength(1);
    state.closeAll();
    expect(shapes()).toEqual(gathered);
  });

  it('opens one group, which the address keeps, and gathers it again', () => {
    const { id } = state.groupOf('train-3')!;
    state.toggle(id);
    expect([state.isOpen(id), state.query()]).toEqual([true, `open=${id}`]);
    expect(at(state.query()).isOpen(id)).toBe(true);
    state.toggle(id);
    expect([state.isOpen(id), state.query()]).toEqual([false, '']);
  });

  it('opens the stack of an item that is chosen, and the address need not say so', () => {
    expect(state.choose('report')).toBe(false);
    expect(state.choose('train-3')).toBe(true);
    expect([state.chosen, state.query()]).toEqual(['train-3', 'run=train-3']);
    expect(state.choose('train-4')).toBe(false);
    const again = at(state.query());
    expect([again.chosen, again.isOpen(again.groupOf('train-4')!.id)]).toEqual(['train-4', true]);
    state.choose(undefined);
    expect(state.chosen).toBeUndefined();
  });

  it('says of the chosen item what it was made from and used by, at once and in all', () => {
    state.choose('report');
    const marks = state.marks();
    expect([...marks.ancestors].sort()).toEqual(['data:raw', 'train-7']);
    expect(state.chosenItem(marks)).toMatchObject({
      item: { id: 'report' },
      madeFrom: [1, 2],
      usedBy: [0, 0],
    });
    state.choose('data:raw');
    expect(state.chosenItem(state.marks())).toMatchObject({ madeFrom: [0, 0], usedBy: [30, 31] });
    state.choose(undefined);
    expect([state.chosenItem(state.marks()), state.marks().ancestors.size]).toEqual([undefined, 0]);
  });

  it('finds items by all words of a search, one after the other, and goes on from the first', () => {
    state.text = ' TRAIN results 1';
    const ids = state.matches().map(({ id }) => id);
    expect([...ids].sort()).toEqual([
      'train-1',
      ...Array.from({ length: 10 }, (_, end) => `train-1${end}`),
      'train-21',
    ]);
    expect(state.said(state.marks())).toBe('12 matches');
    const seen = ids.map(() => {
      state.choose(state.nextMatch());
      return state.chosen;
    });
    expect(seen).toEqual(ids);
    expect(state.nextMatch()).toBe(ids[0]);
    state.text = 'nothing';
    expect([state.nextMatch(), state.said(state.marks())]).toEqual([undefined, '0 matches']);
    expect(at('q=a+b&run=report').query()).toBe('run=report&q=a+b');
  });

  it('says of a run that stands alone that it does, until another is chosen', () => {
    const alone = at('run=lonely');
    expect([alone.chosen, alone.said(alone.marks())]).toEqual([
      undefined,
      'lonely stands alone: nothing says what it was made from or used for.',
    ]);
    alone.choose('report');
    expect(alone.said(alone.marks())).toBe('');
  });

  it('takes from an address only groups that there are', () => {
    expect(at('open=gone,,train-9999').isAnyOpen()).toBe(false);
  });
});
