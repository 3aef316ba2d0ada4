import { formatCount } from '../../../../collector/base/format/number.ts';
import { make } from '../../dom.ts';

/** What can be switched at one chart. */
export interface CardSwitches {
  onLog(isOn: boolean): void;
  onEarlier(isOn: boolean): void;
}

/** What the switches of a chart show. */
export interface CardHeadLook {
  log: boolean;
  noLog: string | undefined;
  earlier: boolean;
  /** How many points an earlier attempt has; 0 where there is none. */
  earlierPoints: number;
}

/** The switches beside the name of a chart; they replace the printed ones. `show` sets them as the chart is drawn. */
export function cardHead(
  head: HTMLElement,
  name: string,
  { onLog, onEarlier }: CardSwitches,
): { show(look: CardHeadLook): void } {
  const log = switchOf(`logarithmic scale of ${name}`, 'log', onLog);
  const attempt = switchOf(`earlier attempt of ${name}`, '', onEarlier);
  const refusal = make('span', { class: 'small-note' });
  for (const one of head.querySelectorAll('.switch')) one.remove();
  head.append(make('span', { class: 'curve-switches' }, attempt.label, refusal, log.label));
  return {
    show({ log: isOn, noLog, earlier: isShown, earlierPoints }) {
      attempt.label.hidden = earlierPoints === 0;
      attempt.words.textContent = `earlier attempt (${formatCount(earlierPoints)})`;
      attempt.box.checked = isShown;
      log.box.checked = isOn;
      log.box.disabled = noLog !== undefined;
      refusal.textContent = noLog === undefined ? '' : `no log: ${noLog}`;
      log.label.hidden = noLog !== undefined;
    },
  };
}

function switchOf(
  name: string,
  text: string,
  onChange: (isOn: boolean) => void,
): { label: HTMLElement; box: HTMLInputElement; words: HTMLElement } {
  const words = make('span', {}, text);
  const box = make('input', { type: 'checkbox', 'aria-label': name });
  box.addEventListener('change', () => onChange(box.checked));
  return { label: make('label', { class: 'switch' }, box, words), box, words };
}
