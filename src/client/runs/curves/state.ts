import { type CurveAxis, curveAxes } from '../../../charts/curve-axis.ts';
import { mostSmoothing } from '../../../charts/curve-smoothing.ts';

/** What a reader has chosen for the curves of a page; the address holds all of it. */
export interface CurvesState {
  axis: CurveAxis;
  smooth: number;
  /** Whether runs are drawn as how far they lie above the first. */
  difference: boolean;
  /** Which other run is drawn beside the one of the page. */
  beside: string;
  /** Metrics on a logarithmic scale, and those with their earlier attempts. */
  log: ReadonlySet<string>;
  earlier: ReadonlySet<string>;
  /** The stretch of each axis that is drawn, where it is not all of it. */
  windows: Readonly<Partial<Record<CurveAxis, readonly [number, number]>>>;
}

/** Reads the choices from the parameters of an address; what makes no sense counts as not chosen. */
export function parseCurvesState(parameters: URLSearchParams): CurvesState {
  const smooth = Number(parameters.get('smooth') ?? 0);
  const windows: Partial<Record<CurveAxis, readonly [number, number]>> = {};
  for (const text of parameters.getAll('zoom')) {
    const [, name, from, to] = /^(\w+):(.+?)\.\.(.+)$/.exec(text) ?? [];
    const [low, high] = [Number(from), Number(to)];
    if (isAxis(name) && Number.isFinite(low) && Number.isFinite(high) && low < high)
      windows[name] = [low, high];
  }
  const axis = parameters.get('x');
  return {
    axis: isAxis(axis) ? axis : 'step',
    smooth: smooth > 0 ? Math.min(mostSmoothing, smooth) : 0,
    difference: parameters.get('minus') === 'A',
    beside: parameters.get('beside') ?? '',
    log: new Set(parameters.getAll('log')),
    earlier: new Set(parameters.getAll('earlier')),
    windows,
  };
}

/** The choices as parameters of an address; what is as it would be anyway is left out. */
export function curvesParameters(state: CurvesState): Record<string, string[]> {
  return {
    x: state.axis === 'step' ? [] : [state.axis],
    smooth: state.smooth > 0 ? [String(state.smooth)] : [],
    minus: state.difference ? ['A'] : [],
    beside: state.beside === '' ? [] : [state.beside],
    log: [...state.log],
    earlier: [...state.earlier],
    zoom: curveAxes.flatMap((axis) => {
      const window = state.windows[axis];
      return window === undefined ? [] : [`${axis}:${short(window[0], window)}..${short(window[1], window)}`];
    }),
  };
}

/** The set with a name in it or not. */
export function toggled(names: ReadonlySet<string>, name: string, isIn: boolean): Set<string> {
  const next = new Set(names);
  if (isIn) next.add(name);
  else next.delete(name);
  return next;
}

/** A window half or twice as wide around a place, within what there is; undefined where that is all of it. */
export function zoomed(
  current: readonly [number, number] | undefined,
  whole: readonly [number, number],
  at: number,
  factor: number,
): readonly [number, number] | undefined {
  const [from, to] = current ?? whole;
  const low = Math.max(whole[0], at - (at - from) * factor);
  const high = Math.min(whole[1], at + (to - at) * factor);
  return (low <= whole[0] && high >= whole[1]) || !(low < high) ? undefined : [low, high];
}

function isAxis(name: string | null | undefined): name is CurveAxis {
  return curveAxes.some((axis) => axis === name);
}

/** As many digits as tell the thousandth part of the window: finer than any screen. */
function short(value: number, [from, to]: readonly [number, number]): string {
  const size = Math.max(Math.abs(from), Math.abs(to));
  const digits = Math.ceil(Math.log10(size / (to - from))) + 4;
  return String(Number(value.toPrecision(Math.min(17, Math.max(6, digits)))));
}
