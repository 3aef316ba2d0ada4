import type { MetricsRecord } from '../../../formats/metrics/record.ts';
import { samplesName } from '../../../formats/metrics/samples.ts';
import type { MetricSeries, SeriesResume } from '../../../formats/metrics/series.ts';
import { type Evidence, placeOfFile, type RunSource } from '../../../runs/evidence.ts';
import { folderOf, lastPartOf } from '../../../runs/key.ts';
import type { RunRecord } from '../../../runs/record.ts';
import { readMetricsFile } from '../read-metrics.ts';

/** metrics.jsonl, and system.metrics.jsonl beside it: a point a line. */
export const metricsSource: RunSource = {
  name: 'metrics',
  claims: (path) => /^(?:.+_)?(?:system\.)?metrics\.jsonl$/.test(lastPartOf(path)),
  placeOf: placeOfMetrics,
  ofFileAlone: true,
  async read(path, { root, report }) {
    const record = await readMetricsFile(root, path, report);
    return record === undefined || record.lines === 0 ? [] : [metricsEvidence(path, record)];
  },
  values: (path, _key, root) => readMetricsFile(root, path, () => undefined),
};

/** What a file of metrics says of its run: names, lengths and last values of its series. */
export function metricsEvidence(
  file: string,
  values: Pick<MetricsRecord, 'firstAtUs' | 'lastAtUs' | 'zoneless' | 'series'>,
): Evidence {
  return {
    source: 'metrics',
    file,
    ...placeOfMetrics(file),
    several: true,
    says: {
      series: seriesSummary(values.series.values()),
      values: values as MetricsRecord,
      atUs: values.firstAtUs,
      seenUs: values.lastAtUs,
      zoneless: values.zoneless,
    },
  };
}

/** Names, lengths and last values of series. */
export function seriesSummary(series: Iterable<MetricSeries>): RunRecord['series'] {
  return [...series].map((each) => ({
    name: each.name,
    count: each.values.length,
    last: each.values.at(-1)!,
    ...(each.resumed === undefined ? {} : { resumed: resumeOf(each.resumed) }),
  }));
}

/** metrics/metrics.jsonl is of the folder around. */
function placeOfMetrics(file: string): { folder: string; prefix: string } {
  const place = placeOfFile(file, file.endsWith(samplesName) ? samplesName : 'metrics.jsonl');
  const isInside = place.prefix === '' && lastPartOf(place.folder) === 'metrics';
  return isInside ? { ...place, folder: folderOf(place.folder) } : place;
}

function resumeOf({ by, at, earlier }: NonNullable<MetricSeries['resumed']>): SeriesResume {
  return { by, at, earlier: earlier.values.length };
}
