import { describe, expect, it } from 'vitest';
import { lineageEvents } from '../../collector/documents/open-lineage.ts';
import { runCrate } from '../../collector/documents/run-crate.ts';
import { actionSpan, runSpan } from '../../collector/documents/spans.ts';
import { runStatement, slsaStatement } from '../../collector/documents/statement.ts';
import { parseLine } from '../../collector/store/line-parser.ts';
import { facts } from './facts.ts';

const sha256 = 'b'.repeat(64);
const shadow = {
  name: 'main',
  path: '.',
  branch: 'main',
  remote: 'https://example.org/atlas.git',
  commit: '1'.repeat(40),
  head: '2'.repeat(40),
  isDirty: true,
};
const weak = {
  name: 'data',
  path: 'data',
  note: 'Recorded with 64 bits of xxHash, which prove nothing against intent.',
};

describe('provenance of a run', () => {
  it('is of the files that it made, and of what tells of it where it made none', () => {
    const outputs = [
      { path: 'results/unet/model.pt', sha256 },
      { path: 'gone.bin', note: 'not there' },
    ];
    expect(slsaStatement(facts({}, { outputs }))['subject']).toEqual([
      { name: 'results/unet/model.pt', digest: { sha256 } },
    ]);
    expect(slsaStatement(facts({ status: 'failed' }))['subject']).toEqual([
      { name: 'results/metadata.json', digest: { sha256: 'a'.repeat(64) } },
    ]);
  });

  it('claims no digest that is none, and says of a commit that the remote may not have it', () => {
    const statement = JSON.stringify(slsaStatement(facts({}, { code: [shadow], inputs: [weak] })));
    expect(JSON.parse(statement).predicate.buildDefinition.resolvedDependencies).toEqual([
      {
        name: 'main',
        uri: 'git+https://example.org/atlas.git',
        digest: { gitCommit: shadow.commit },
        annotations: {
          path: '.',
          branch: 'main',
          head: shadow.head,
          dirty: true,
          note: expect.stringContaining('the remote may not have it'),
        },
      },
      { name: 'data', uri: 'data', annotations: { note: weak.note } },
    ]);
  });

  it('has no number that JSON does not know', () => {
    expect(JSON.parse(JSON.stringify(runStatement(facts({}))))['predicate'].metrics).toEqual({
      iou: 0.8,
      loss: 'NaN',
    });
  });
});

describe('events of OpenLineage', () => {
  it('are a start and an end, by the word for how it ended', () => {
    const types = (status: 'completed' | 'failed' | 'aborted' | 'running') =>
      lineageEvents(facts({ status })).map(({ eventType }) => eventType);
    expect(types('completed')).toEqual(['START', 'COMPLETE']);
    expect(types('failed')).toEqual(['START', 'FAIL']);
    expect(types('aborted')).toEqual(['START', 'ABORT']);
    expect(types('running')).toEqual(['START']);
  });

  it('are none where no file says when the run was', () => {
    expect(lineageEvents(facts({ startedAtUs: undefined, atUs: undefined, endedAtUs: undefined }))).toEqual(
      [],
    );
  });

  it('name a run by a UUID, and keep its key', () => {
    const [start] = lineageEvents(facts({})) as {
      run: { runId: string; facets: { daybook: { key: string } } };
    }[];
    expect(start!.run.runId).toMatch(/^[0-9a-f-]{36}$/);
    expect(start!.run.facets.daybook.key).toBe('results/unet');
  });
});

describe('the crate of a run', () => {
  const graphOf = (crate: object) =>
    (crate as { '@graph': { '@id': string; [name: string]: unknown }[] })['@graph'];
  const outputs = [{ path: 'results/unet/größe 1.csv', sha256 }, { path: 'gone.bin' }];
  const graph = graphOf(
    runCrate(
      facts({ status: 'failed', error: 'out of memory' }, { outputs, code: [shadow], inputs: [weak] }),
      new Map([[outputs[0]!.path, outputs[0]!.path]]),
      0,
    ),
  );

  it('refers to nothing that it does not describe', () => {
    const described = new Set(graph.map((each) => each['@id']));
    const named = [...JSON.stringify(graph.slice(1)).matchAll(/\{"@id":"([^"]+)"\}/g)].map(([, id]) => id!);
    const outside = named.filter((id) => !described.has(id) && !id.startsWith('http://schema.org/'));
    expect(outside).toEqual([]);
  });

  it('has as parts the files that lie in it alone', () => {
    const root = graph.find((each) => each['@id'] === './')!;
    expect(root['hasPart']).toEqual([{ '@id': 'results/unet/gr%C3%B6%C3%9Fe%201.csv' }]);
    expect(graph.filter((each) => each['@type'] === 'File')).toHaveLength(1);
  });

  it('says why a run failed, and only of one that did', () => {
    const action = graph.find((each) => each['@type'] === 'CreateAction')!;
    expect([action['error'], action['actionStatus']]).toEqual([
      'out of memory',
      { '@id': 'http://schema.org/FailedActionStatus' },
    ]);
    const well = graphOf(runCrate(facts({ error: 'a warning' }), new Map(), 0)).find(
      (each) => each['@type'] === 'CreateAction',
    )!;
    expect(well['error']).toBeUndefined();
  });
});

describe('spans', () => {
  it('of an action lie below that of its run, and never end before they begin', () => {
    const line = {
      snapshot_id: 'a',
      snapshot_type: 'action',
      timestamp: '2026-11-20T10:00:30Z',
      action: { type: 'train', status: 'failed', details: {}, error: 'no', ended_at: '2026-11-20T10:00:00Z' },
      run: 'results/unet',
    };
    const action = parseLine(Buffer.from(JSON.stringify(line)), 'snapshots/action_log.jsonl', 1).record!;
    const [root, span] = [runSpan(facts({}))!, actionSpan(action, 'https://example.org/atlas')!];
    expect([span['traceId'], span['parentSpanId']]).toEqual([root['traceId'], root['spanId']]);
    expect(span['spanId']).not.toBe(root['spanId']);
    expect(BigInt(span['endTimeUnixNano'] as string) >= BigInt(span['startTimeUnixNano'] as string)).toBe(
      true,
    );
    expect(span['status']).toEqual({ code: 2, message: 'no' });
    expect(root['startTimeUnixNano']).toBe('1795168800000000000');
  });
});
