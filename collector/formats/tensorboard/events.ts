import { ProtobufReader } from '../../base/protobuf.ts';
import { type HparamsSession, sessionIn } from './hparams.ts';
import { scalarInTensor } from './tensor.ts';

/** A value of an event: a number, or what else it is called in counts. */
export interface EventValue {
  tag: string;
  value: number | undefined;
  /** "histogram", "image"; undefined of a number. */
  other: string | undefined;
}

/** An event of TensorBoard, as far as it tells of numbers. */
export interface TensorboardEvent {
  wallTime: number;
  step: number;
  values: EventValue[];
  /** What the plugin of hyperparameters says there. */
  session?: HparamsSession;
}

/** Reads one event; `plugins` keeps the plugin of each tag, which only its first value names. @throws ProtobufError */
export function readEvent(bytes: Buffer, plugins: Map<string, string>): TensorboardEvent {
  const event: TensorboardEvent = { wallTime: 0, step: 0, values: [] };
  const reader = new ProtobufReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) event.wallTime = reader.double();
    else if (reader.field === 2) event.step = reader.int();
    else if (reader.field === 5) readSummary(reader.message(), event, plugins);
    else if (reader.field === 4 || reader.field === 9)
      event.values.push({ tag: '', value: undefined, other: 'graph' });
  }
  return event;
}

function readSummary(summary: ProtobufReader, event: TensorboardEvent, plugins: Map<string, string>): void {
  while (summary.next()) if (summary.field === 1) readValue(summary.message(), event, plugins);
}

/** Kinds of values by their field. */
const kinds = new Map([
  [4, 'image'],
  [5, 'histogram'],
  [6, 'audio clip'],
]);

function readValue(reader: ProtobufReader, event: TensorboardEvent, plugins: Map<string, string>): void {
  const each: EventValue = { tag: '', value: undefined, other: undefined };
  let tensor: ProtobufReader | undefined;
  while (reader.next()) {
    const { field } = reader;
    if (field === 1) each.tag = reader.text();
    else if (field === 2) each.value = reader.float();
    else if (field === 8) tensor = reader.message();
    else if (field === 9) readMetadata(reader.message(), each.tag, event, plugins);
    else each.other ??= kinds.get(field);
  }
  const plugin = plugins.get(each.tag);
  if (tensor !== undefined && (plugin === undefined || plugin === 'scalars'))
    each.value = scalarInTensor(tensor);
  if (each.value === undefined)
    each.other ??= plugin === undefined || plugin === 'scalars' ? 'tensor' : plugin;
  if (each.value !== undefined || plugin !== 'hparams') event.values.push(each);
}

function readMetadata(
  reader: ProtobufReader,
  tag: string,
  event: TensorboardEvent,
  plugins: Map<string, string>,
): void {
  while (reader.next()) {
    if (reader.field !== 1) continue;
    const data = reader.message();
    let name = '';
    let content: Buffer = Buffer.alloc(0);
    while (data.next()) {
      if (data.field === 1) name = data.text();
      else if (data.field === 2) content = data.bytes();
    }
    plugins.set(tag, name);
    if (name === 'hparams') event.session = { ...event.session, ...sessionIn(new ProtobufReader(content)) };
  }
}
