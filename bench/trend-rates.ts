import { formatCount } from '../collector/base/format/number.ts';
import { measures, type Rate } from './trends/rates.ts';

/** `node bench/trend-rates.ts [series]`: how often trends are told where there are none, and where there are; for docs/trends.md. */
const count = Number(process.argv[2] ?? 10_000);
const rows: [string, Rate][] = [
  ['nothing changed, normal noise of 5 %', measures.normal(count)],
  ['nothing changed, recorded noise in any order', measures.recorded(count)],
  ['nothing changed, recorded noise in its own order', measures.inOrder()],
  ['recorded pieces as they are', measures.asRecorded()],
  ...[10, 8, 6, 5, 4, 3].map((behind): [string, Rate] => [
    `a step of 10 % in noise of 5 %, ${behind} of 20 points behind it`,
    measures.step(count, behind),
  ]),
  ...[1, 2].map((outliers): [string, Rate] => [
    `a step of 10 % in noise of 5 %, 10 of 20 points behind it, and ${outliers} of the 20 ten times as high`,
    measures.outliers(count, outliers),
  ]),
  ...[0, 0.1, 0.2, 0.3].map((by): [string, Rate] => [
    `a budget of 5 % against 20 points with noise of 5 %, the newest ${by === 0 ? 'like them' : `${Math.round(by * 100)} % worse`}`,
    measures.budget(count, by),
  ]),
];
console.log('| series of 20 points | series | told as changed |\n|---|---:|---:|');
for (const [name, { series, told }] of rows)
  console.log(`| ${name} | ${formatCount(series)} | ${((100 * told) / series).toFixed(1)} % |`);
