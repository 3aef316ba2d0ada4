import { parsePlainJson } from '../../data/browser.ts';
import type { KeyMetric } from '../../data/runs/peers.ts';
import { ownValue } from '../../data/runs/types.ts';
import { keyMetricPart } from '../../parts/runs/key-metrics.tsx';
import { print } from '../print.ts';

/** Brings the metrics that a run is judged by to its newest values, beside those of the other runs. */
export function showKeyMetrics(page: ParentNode, values: Readonly<Record<string, number>>): void {
  for (const item of page.querySelectorAll<HTMLElement>('[data-key]')) {
    const key = parsePlainJson(item.dataset['key']!) as KeyMetric;
    const value = ownValue(values, key.name);
    if (value === undefined || Object.is(value, key.value)) continue;
    const slugs = [key.previous, key.best].flatMap((held) => held?.slug ?? []);
    const links = [...item.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
    item.replaceWith(
      print(keyMetricPart({ ...key, value }, (slug) => links[slugs.indexOf(slug)] ?? '', true)),
    );
  }
}
