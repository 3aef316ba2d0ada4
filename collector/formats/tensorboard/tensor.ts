import type { ProtobufReader } from '../../base/protobuf.ts';

/** Types of numbers by their number, and how many bytes one takes. */
const sizes = new Map([
  [1, 4],
  [2, 8],
  [3, 4],
  [9, 8],
  [14, 2],
  [19, 2],
]);

/** The number that a tensor is; undefined for one of another type, or of more than one number. */
export function scalarInTensor(tensor: ProtobufReader): number | undefined {
  let [type, count] = [0, 1];
  let content: Buffer = Buffer.alloc(0);
  const numbers: number[] = [];
  // A tensor may have more numbers than a call has arguments.
  const take = (more: readonly number[]) => {
    for (const each of more) numbers.push(each);
  };
  while (tensor.next()) {
    const { field } = tensor;
    if (field === 1) type = tensor.int();
    else if (field === 2) count = sizeOfShape(tensor.message());
    else if (field === 4) content = tensor.bytes();
    else if (field === 5 || field === 6) take(floatsOf(field, tensor));
    else if (field === 7 || field === 10 || field === 11) take(tensor.ints());
    else if (field === 13) take(tensor.ints().map((bits) => halfOf(bits, type)));
  }
  if (count !== 1) return undefined;
  if (content.length === sizes.get(type)) return numberIn(content, type);
  return numbers.length === 1 ? numbers[0] : undefined;
}

function sizeOfShape(shape: ProtobufReader): number {
  let size = 1;
  while (shape.next()) {
    if (shape.field !== 2) continue;
    let length = 0;
    const dimension = shape.message();
    while (dimension.next()) if (dimension.field === 1) length = dimension.int();
    size *= length;
  }
  return size;
}

/** Numbers that stand by themselves, or one packed in counted bytes. */
function floatsOf(field: number, reader: ProtobufReader): number[] {
  if (reader.wire === 5) return [reader.float()];
  if (reader.wire === 1) return [reader.double()];
  const bytes = reader.bytes();
  if (bytes.length !== (field === 5 ? 4 : 8)) return [];
  return [field === 5 ? bytes.readFloatLE(0) : bytes.readDoubleLE(0)];
}

function numberIn(bytes: Buffer, type: number): number | undefined {
  if (type === 1) return bytes.readFloatLE(0);
  if (type === 2) return bytes.readDoubleLE(0);
  if (type === 3) return bytes.readInt32LE(0);
  if (type === 9) return Number(bytes.readBigInt64LE(0));
  return halfOf(bytes.readUInt16LE(0), type);
}

/** A number of sixteen bits: of type 14 the upper half of a float, else one of five bits for the exponent. */
function halfOf(bits: number, type: number): number {
  if (type === 14) {
    const float = Buffer.alloc(4);
    float.writeUInt16LE(bits, 2);
    return float.readFloatLE(0);
  }
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
