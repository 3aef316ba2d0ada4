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
