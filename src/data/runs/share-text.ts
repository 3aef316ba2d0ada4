import { formatNumber } from '../../../collector/base/format/number.ts';

/** How far a value is from another in percent: "−15.1 %"; "" where a share says nothing, as of what is close to zero. */
export function shareText(value: number, from: number): string {
  const share = Math.abs((value - from) / from) * 100;
  if (value === from || !Number.isFinite(share) || share >= 1000) return '';
  const digits = share < 0.1 ? '<0.1' : formatNumber(share, share < 10 ? 2 : 3);
  return `${value > from ? '+' : '−'}${digits} %`;
}
