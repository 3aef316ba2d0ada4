import { describe, expect, it } from 'vitest';
import type { LiveAction, LiveState } from '../../../src/data/runs/live.ts';
import { html } from '../../../src/parts/html.ts';
import { newsList, newsText, valuesText } from '../../../src/parts/live/news.tsx';

const action = (at: number, more: Partial<LiveAction> = {}): LiveAction => ({
  ...{ key: `a${at}`, atUs: at * 1e6, type: `type${at}`, status: 'completed', statusWord: 'completed' },
  ...more,
});

const run = (name: string, last: LiveState['last'] = {}): LiveState => ({
  ...{ slug: name, name, isNew: true, status: 'failed', statusWord: 'failed', statusFrom: '' },
  ...{ best: {}, directions: {}, last },
});

describe('what is new on a page', () => {
  it.each([
    [{ actions: [], actionCount: 0, runs: [] }, ''],
    [{ actions: [action(1)], actionCount: 1, runs: [] }, '1 new action'],
    [{ actions: [action(1)], actionCount: 1200, runs: [run('a')] }, '1,200 new actions, 1 new run'],
  ])('is counted: %#', (news, text) => {
    expect(newsText(news)).toBe(text);
  });

  it('is listed newest first, the rest counted', () => {
    const actions = Array.from({ length: 20 }, (_, at) => action(at));
    const text = html(newsList({ actions, actionCount: 50, runs: [run('a')] }, 0));
    expect([...text.matchAll(/<b>(\w+)<\/b>/g)].map((match) => match[1])).toEqual([
      'a',
      ...Array.from({ length: 8 }, (_, at) => `type${19 - at}`),
    ]);
    expect(text).toContain('42 more');
  });

  it('is text, whatever was recorded', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const text = html(
      newsList(
        {
          actions: [action(1, { type: hostile, details: { message: hostile } })],
          actionCount: 1,
          runs: [run(hostile)],
        },
        0,
      ),
    );
    expect(text).not.toContain('<img');
  });

  it('says the last values of a run', () => {
    const last = { loss: { step: 1200, value: 0.0214 }, acc: { step: 1199, value: Number.NaN } };
    expect(valuesText({ last })).toBe('step 1,200, loss 0.0214, acc NaN');
    expect(valuesText({ last: {} })).toBe('');
  });
});
