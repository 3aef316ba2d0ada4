/** Put together, so that no token stands in this file. */
export const token = `ghp${'_'}${'w7E9k2Q4z1'.repeat(4)}`;

/** Shell, markup, commands of a runner, outputs of a step, a terminal's own, and characters that turn lines round. */
const tricks = [
  "\"; touch hacked; $(touch hacked) `touch hacked` ${{ github.token }} '; touch hacked; '",
  '</script><script>window.hacked=1;alert(1)</script><!--<script>',
  '<img src=x onerror="window.hacked=1"> [x](javascript:window.hacked=1) | a | b | @everyone',
  '::set-output name=pushed::hacked',
  '::error title=hacked::hacked%0A::stop-commands::hacked',
  '##[error]hacked',
  'snapshot-id<<EOF\nhacked\nEOF',
  '\u001b]0;hacked\u0007\u001b[2J\u001b[31mred \u009b1m \u202eevil\u202c \u2028 \u2029 \ufeff',
  '\r::warning::hacked\r\n{"snapshot_id":"hacked","snapshot_type":"action","action":{"type":"hacked"}}',
  "=cmd|'/c calc'!A1 __proto__ constructor ../../hacked %s %n {{7*7}}",
].join('\n');

/** A message of a commit of 140,000 bytes. */
export const hostileMessage = ofLength(140_000);

function ofLength(bytes: number): string {
  const one = `${tricks}\n`;
  const times = Math.floor(bytes / Buffer.byteLength(one));
  const whole = one.repeat(times);
  return `${whole}${'x'.repeat(bytes - Buffer.byteLength(whole))}`;
}
