/** A measured number for tables and axes, to four digits: "0.821", "12,400", "1.2e−5", "NaN", "∞". */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (Number.isInteger(value) && size < 1e15) return sign + grouped(String(size));
  if (size >= 1e7 || size < 1e-4) return sign + exponential(size, digits);
  const [whole, part] = size.toPrecision(Math.max(digits, wholeDigits(size))).split('.');
  const rest = part?.replace(/0+$/, '') ?? '';
  return `${sign}${grouped(whole ?? '')}${rest === '' ? '' : `.${rest}`}`;
}

/** A number as it was recorded, without noise behind `digits` significant ones: "0.3", "12345678", "1.5e-7". */
export function shortNumber(value: number, digits = 6): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

/** A size with its unit, in powers of ten: "812 B", "4.71 MB", "81.2 GB". */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return '';
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = 0;
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A count with thousands set apart: "4,127". */
export function formatCount(count: number): string {
  return Number.isFinite(count) ? String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',') : '';
}

/** A share in per cent, never rounded up to a whole it is not: "96.4 %", "99.9 %", "100 %". */
export function formatShare(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return '';
  const tenths = Math.floor((part / whole) * 1000 + 1e-9);
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

function exponential(size: number, digits: number): string {
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e');
  const short = mantissa?.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${short}e${(exponent ?? '').replace('+', '').replace('-', '−')}`;
}

function wholeDigits(size: number): number {
  return size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
}

function grouped(digits: string): string {
  return digits.length <= 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
