import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../../src/client/runs/condition.ts';
import { formatRunViewState, parseRunViewState } from '../../../src/client/runs/view-state.ts';
import { runFacets } from '../../../src/data/runs/facets.ts';
import { tableColumns } from '../../../src/data/runs/table-columns.ts';

describe('the address of the page of runs', () => {
  it('understands the words that fields had before', () => {
    const old =
      '?sort=-took&col=took&col=error&col=metric.error&axis=took&x=started&y=took&colour=took&log=-took&brush=["took",1,2]';
    const state = parseRunViewState(old, '');
    expect(state).toMatchObject({
      sort: '-duration',
      columns: ['duration', 'reason', 'metric.error'],
      axes: ['duration'],
      x: 'started',
      y: 'duration',
      colour: 'duration',
    });
    expect([...state.log]).toEqual([['duration', false]]);
    expect([...state.brushes]).toEqual([['duration', { low: 1, high: 2 }]]);
    expect(formatRunViewState(state)).not.toContain('took');
  });

  it('understands the words that facets had before, and writes the one of today', () => {
    const state = parseRunViewState('?tag=a&tags=b&tag=b&status=failed', '');
    expect([...state.facets].filter(([, values]) => values.length > 0)).toEqual([
      ['status', ['failed']],
      ['tags', ['b', 'a']],
    ]);
    expect(formatRunViewState(state)).toBe('status=failed&tags=b&tags=a');
  });

  it('has one meaning for each word, of facets too', () => {
    const taken = ['where', 'sort', 'failed', 'col', 'axis', 'x', 'y', 'colour', 'log', 'brush', 'run'];
    const words = runFacets.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(words.filter((word) => taken.includes(word))).toEqual([]);
  });

  it('loads the column that a condition on the reason looks at', () => {
    const needs = parseCondition('error ~ memory OR status = failed', tableColumns([])).needs;
    expect(needs.map(({ id }) => id)).toContain('reason');
  });
});
