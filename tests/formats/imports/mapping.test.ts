import { describe, expect, it } from 'vitest';
import { mapped, mappingText, parseMapping } from '../../../collector/formats/imports/mapping.ts';
import { proposeMapping } from '../../../collector/formats/imports/propose.ts';

describe('a mapping', () => {
  it('is read from text and written back', () => {
    const text = 'time=ts,type=event.name,status=result';
    expect(mappingText(parseMapping(text).mapping)).toBe(text);
  });

  it('says what is wrong with it', () => {
    expect(parseMapping('type=event').problem).toContain('the time');
    expect(parseMapping('time=ts,colour=red').problem).toContain('"colour" is none of time, type');
    expect(parseMapping('time=ts,time=at').problem).toContain('twice');
    expect(parseMapping('time').problem).toContain('no name=member');
  });

  it('makes an action of a record, and says where its time is missing', () => {
    const record = { ts: 1_765_185_300, event: { name: 'deploy' }, ok: false };
    expect(mapped(record, { time: 'ts', type: 'event.name', status: 'ok' }, 'log')).toMatchObject({
      type: 'deploy',
      status: 'failed',
      details: record,
    });
    expect(mapped({ ts: 'soon' }, { time: 'ts' }, 'log')).toEqual({
      expected: 'a time at "ts"',
      found: '"soon"',
    });
  });

  it('has the same key for the same record, whatever else is in the file', () => {
    const key = (record: object) =>
      (mapped({ ts: 1_765_185_300, ...record }, { time: 'ts' }, 'log') as { key: string }).key;
    expect(key({ a: 1 })).toBe(key({ a: 1 }));
    expect(key({ a: 1 })).not.toBe(key({ a: 2 }));
  });
});

describe('a proposed mapping', () => {
  const times = Array.from({ length: 40 }, (_, at) => `2026-01-01T10:${String(at).padStart(2, '0')}:00Z`);

  it('takes time, type, status and id where nearly all records have them', () => {
    const records = times.map((timestamp, at) => ({
      n: at,
      timestamp,
      action: at % 2 ? 'build' : 'deploy',
      result: { success: at % 3 > 0 },
      id: `e${at}`,
    }));
    expect(mappingText(proposeMapping(records)!)).toBe(
      'time=timestamp,type=action,status=result.success,id=id',
    );
  });

  it('takes members of the record before those of what it carries', () => {
    const records = times.map((time, at) => ({ id: `e${at}`, time, type: 'a', data: { timestamp: time } }));
    expect(mappingText(proposeMapping(records)!)).toBe('time=time,type=type,id=id');
  });

  it('takes no member that --map could not name', () => {
    const records = times.map((time) => ({ 'at=utc': time, 'a,b': 'x', when: time, type: 'y' }));
    expect(mappingText(proposeMapping(records)!)).toBe('time=when,type=type');
  });

  it('takes no sentence for a type, no number for a status, and nothing for a time that is none', () => {
    const records = times.map((ts, at) => ({ ts, message: `step ${at} of the way`, status: at, id: 'same' }));
    expect(mappingText(proposeMapping(records)!)).toBe('time=ts');
    expect(proposeMapping([{ step: 1, loss: 0.5 }])).toBeUndefined();
  });
});
