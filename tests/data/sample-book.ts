import { differences } from '../../collector/base/difference/difference.ts';
import type { JsonObject } from '../../collector/base/json/json.ts';
import type { ActionView } from '../../src/data/actions/types.ts';
import type { Counted, StatusCounts } from '../../src/data/book/counts.ts';
import type { SiteBook } from '../../src/data/book/types.ts';
import { noSettings } from '../../src/data/elsewhere/settings.ts';
import { noRuns } from '../../src/data/runs/types.ts';
import type { SnapshotView } from '../../src/data/snapshots/types.ts';
import { noTrends } from '../../src/data/trends/views.ts';
import { noVersions } from '../../src/data/versions/types.ts';
import { action, builtAtUs, counts } from './sample-action.ts';
import { sampleContent } from './sample-content.ts';
import { sampleCoverage } from './sample-coverage.ts';
import { manyRuns, run, runsOf } from './sample-runs.ts';

/** The books that views, charts and pages are tried with. */
export type SampleName = 'empty' | 'tiny' | 'typical' | 'hostile' | 'huge' | 'silent' | 'experiments';

const hourUs = 3_600_000_000;
const dayUs = 24 * hourUs;
const hostile = '</script><img src=x onerror=alert(1)>';

/** A book as the pages get it, the same at every call. */
export function sampleBook(name: SampleName): SiteBook {
  switch (name) {
    case 'empty':
      return book({ title: 'acme/empty' });
    case 'tiny':
      return withSnapshots(
        withActions(book({ title: 'acme/tiny' }), [action(0, builtAtUs - 720_000_000)]),
        1,
        30,
      );
    case 'typical':
      return {
        ...withSnapshots(withActions(book({}), manyActions(builtAtUs, 90, 46)), 240, 30),
        coverage: sampleCoverage(builtAtUs),
      };
    case 'experiments':
      return book({ title: 'acme/experiments', runs: runsOf(manyRuns(60)) });
    case 'silent':
      return shifted();
    case 'hostile':
      return hostileBook();
    case 'huge':
      return {
        ...withSnapshots(withActions(hugeTitle(), manyActions(builtAtUs, 700, 140)), 500, 30),
        coverage: sampleCoverage(builtAtUs),
      };
  }
}

function book(given: Partial<SiteBook>): SiteBook {
  return {
    title: 'acme/atlas',
    repository: 'https://example.org/acme/atlas',
    builtAtUs,
    version: '0.1.0',
    part: undefined,
    trends: { ...noTrends(), releases: [] },
    actions: {
      total: 0,
      lines: 0,
      repeated: 0,
      broken: 0,
      joined: 0,
      firstUs: undefined,
      lastUs: undefined,
      byStatus: counts(),
      types: [],
      runs: [],
      writers: [],
      days: [],
      newest: [],
      attention: [],
      running: [],
      failures: [],
      deployments: [],
      lastOfTypes: [],
      endless: [],
    },
    snapshots: [],
    contentOf: () => undefined,
    changesOf: () => [],
    pageIds: [],
    fields: [],
    fieldPointsOf: () => undefined,
    fieldRolledOf: () => [],
    runs: noRuns(),
    versions: noVersions(),
    coverage: undefined,
    findings: [],
    troubles: [],
    files: [],
    elsewhere: noSettings(),
    ...given,
  };
}

function withActions(base: SiteBook, actions: ActionView[]): SiteBook {
  const days = new Map<string, StatusCounts>();
  const byStatus = counts();
  const types = new Map<string, number>();
  for (const { atUs, status, type } of actions) {
    const day = new Date(atUs / 1000).toISOString().slice(0, 10);
    const count = days.get(day) ?? counts();
    count[status] += 1;
    days.set(day, count);
    byStatus[status] += 1;
    types.set(type, (types.get(type) ?? 0) + 1);
  }
  const newestFirst = [...actions].sort((a, b) => b.atUs - a.atUs);
  const counted: Counted[] = [...types]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count);
  return {
    ...base,
    actions: {
      ...base.actions,
      total: actions.length,
      lines: actions.length,
      firstUs: newestFirst.at(-1)?.atUs,
      lastUs: newestFirst[0]?.atUs,
      byStatus,
      types: counted,
      days: [...days]
        .map(([day, count]) => ({ day, counts: count }))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
      newest: newestFirst.slice(0, 200),
      attention: newestFirst.filter((one) => isUnrecovered(one, newestFirst)).slice(0, 20),
      running: newestFirst.filter(({ status }) => status === 'running').slice(0, 20),
      failures: newestFirst.filter(({ status }) => status === 'failed' || status === 'aborted').slice(0, 50),
      deployments: newestFirst.filter(({ type }) => type === 'deploy').slice(0, 50),
      lastOfTypes: counted.map(({ value }) => newestFirst.find(({ type }) => type === value)!),
    },
    files: [{ path: 'snapshots/action_log.jsonl', bytes: actions.length * 412, lines: actions.length }],
  };
}

/** Failed or aborted, with no later success of its type and run: what the reader hands to the pages. */
function isUnrecovered(action: ActionView, all: ActionView[]): boolean {
  if (action.status !== 'failed' && action.status !== 'aborted') return false;
  return !all.some(
    ({ status, type, run, atUs }) =>
      status === 'completed' && type === action.type && run === action.run && atUs > action.atUs,
  );
}

/** Actions over `days` days, about `perDay` on the busy ones, a silence of three days half way, two running at the end. */
function manyActions(endUs: number, days: number, perDay: number): ActionView[] {
  const actions: ActionView[] = [];
  let index = 0;
  for (let day = days - 1; day >= 0; day -= 1) {
    if (day >= Math.floor(days / 2) && day < Math.floor(days / 2) + 3) continue;
    const many = Math.round(perDay * (0.55 + 0.45 * Math.sin(day / 3.1)) * (day % 7 === 0 ? 0.3 : 1));
    for (let n = 0; n < many; n += 1) {
      const atUs = endUs - day * dayUs - Math.round((n / many) * 15.9 * hourUs) - 720_000_000;
      actions.push(action(index, atUs));
      index += 1;
    }
  }
  actions.push(
    action(index, endUs - 2 * hourUs, {
      type: 'train',
      status: 'running',
      statusWord: 'executing',
      run: 'train/0412',
      durationMs: undefined,
    }),
  );
  actions.push(
    action(index + 1, endUs - hourUs, {
      type: 'train',
      status: 'running',
      statusWord: 'executing',
      run: 'train/0413',
      durationMs: undefined,
    }),
  );
  return actions;
}

function withSnapshots(base: SiteBook, count: number, minutes: number): SiteBook {
  const contents = new Map<string, JsonObject>();
  const snapshots: SnapshotView[] = [];
  const pageIds: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const back = count - 1 - n + (base.builtAtUs === builtAtUs && count - 1 - n > 161 ? 9 : 0);
    const atUs = base.builtAtUs - 720_000_000 - back * minutes * 60_000_000;
    const id = `periodic_${new Date(atUs / 1000).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)}`;
    const content = sampleContent(n, atUs);
    const before = contents.get(pageIds[0] ?? '');
    contents.set(id, content);
    pageIds.unshift(id);
    snapshots.push({
      id,
      atUs,
      zoneless: false,
      health: n === count - 9 ? 'degraded' : 'operational',
      healthReasons: n === count - 9 ? ['The probe “disk” did not answer within 10 s.'] : [],
      file: `snapshots/${id}.json`,
      bytes: JSON.stringify(content).length,
      changes: before === undefined ? 0 : stateDifferences(before, content).length,
    });
  }
  const idBefore = (id: string) => pageIds[pageIds.indexOf(id) + 1];
  return {
    ...base,
    snapshots,
    pageIds: pageIds.slice(0, 200),
    contentOf: (id) => contents.get(id),
    changesOf: (id) => {
      const before = contents.get(idBefore(id) ?? '');
      return before === undefined ? [] : stateDifferences(before, contents.get(id));
    },
    fields: fieldsOf(pageIds, contents, snapshots),
    files: [...base.files, ...snapshots.map(({ file, bytes }) => ({ path: file, bytes, lines: undefined }))],
  };
}

/** Differences without the snapshot's own id and times, as the reader gives them. */
function stateDifferences(before: JsonObject, after: JsonObject | undefined) {
  return differences(before, after).filter(({ path }) => !/(^|\.)(snapshot_id|timestamp)$/.test(path));
}

function fieldsOf(
  pageIds: string[],
  contents: Map<string, JsonObject>,
  snapshots: SnapshotView[],
): SiteBook['fields'] {
  const newest = contents.get(pageIds[0] ?? '') ?? {};
  const atUs = snapshots.at(-1)?.atUs ?? 0;
  return Object.entries(newest).flatMap(([section, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).map(([key, leaf], index) => ({
          path: `${section}.${key}`,
          value: leaf,
          changes: (index * 7) % 12,
          sinceUs: atUs - index * dayUs,
          sinceId: pageIds[Math.min(index, pageIds.length - 1)] as string,
        }))
      : [],
  );
}

function shifted(): SiteBook {
  const lastUs = builtAtUs - 332 * dayUs;
  const base = withSnapshots(
    withActions(book({ builtAtUs: lastUs, title: 'barrot' }), manyActions(lastUs, 40, 12)),
    20,
    30,
  );
  return { ...base, builtAtUs };
}

function hugeTitle(): SiteBook {
  return book({
    title:
      'an-organisation-with-a-long-name/a-repository-whose-name-is-longer-than-any-header-can-hold-in-one-line',
  });
}

function hostileBook(): SiteBook {
  const attack = (index: number, given: Partial<ActionView>) =>
    action(index, builtAtUs - (index + 1) * hourUs, {
      key: `${hostile}${index}`,
      type: hostile,
      summary: hostile,
      error: hostile,
      writer: hostile,
      ...given,
    });
  const base = withActions(book({ title: hostile, repository: `javascript:alert(1)//` }), [
    attack(0, { status: 'failed', statusWord: hostile }),
    attack(1, { status: 'unknown', type: 'x'.repeat(400), summary: '\u202egnp.exe' }),
    attack(2, { status: 'running', source: { url: 'javascript:alert(1)' } }),
  ]);
  const id = 'periodic_20261120_161800';
  const content: JsonObject = {
    [hostile]: { [hostile]: hostile, deep: [[[[[[[hostile]]]]]]] },
    system_state: { health: hostile },
    list: [{ id: hostile }],
  };
  return {
    ...base,
    snapshots: [
      {
        id,
        atUs: builtAtUs - hourUs,
        zoneless: true,
        health: 'failing',
        healthReasons: [hostile],
        file: `snapshots/${id}.json`,
        bytes: 1,
        changes: 2,
      },
    ],
    pageIds: [id],
    contentOf: () => content,
    changesOf: () => differences({ [hostile]: 1 }, content),
    fields: [{ path: hostile, value: hostile, changes: 1, sinceUs: builtAtUs, sinceId: id }],
    runs: runsOf([
      run(0, {
        key: hostile,
        slug: 'hostile',
        name: hostile,
        identifier: hostile,
        statusWord: hostile,
        params: JSON.parse('{"__proto__": 1, "constructor": "x"}'),
        metrics: JSON.parse('{"__proto__": 2}'),
        tags: [hostile],
        error: hostile,
      }),
    ]),
    findings: [
      {
        code: 'broken-json',
        severity: 'error',
        file: hostile,
        line: 3,
        expected: 'a JSON object',
        found: hostile,
        hint: hostile,
      },
    ],
  };
}
