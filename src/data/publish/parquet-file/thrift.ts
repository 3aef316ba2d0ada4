/** A value of the compact protocol of Thrift, as far as Parquet's headers need it. */
export type ThriftValue = number | string | Buffer | ThriftStruct | ThriftList;

/** Fields by their numbers; those without a value are left out. */
export type ThriftStruct = {
  fields: readonly (readonly [id: number, value: ThriftValue | undefined, isLong?: boolean])[];
};

/** Values of one kind. */
export type ThriftList = readonly (number | string | ThriftStruct)[];

const kinds = { int: 5, long: 6, text: 8, list: 9, struct: 12 };

/** A struct as bytes. */
export function thriftBytes(struct: ThriftStruct): Buffer {
  const bytes: number[] = [];
  writeStruct(bytes, struct);
  return Buffer.from(bytes);
}

function writeStruct(to: number[], { fields }: ThriftStruct): void {
  let last = 0;
  for (const [id, value, isLong] of fields) {
    if (value === undefined) continue;
    to.push(((id - last) << 4) | kindOf(value, isLong));
    last = id;
    writeValue(to, value);
  }
  to.push(0);
}

function kindOf(value: ThriftValue, isLong = false): number {
  if (typeof value === 'number') return isLong ? kinds.long : kinds.int;
  if (typeof value === 'string' || Buffer.isBuffer(value)) return kinds.text;
  return 'fields' in value ? kinds.struct : kinds.list;
}

function writeValue(to: number[], value: ThriftValue): void {
  if (typeof value === 'number') writeVarint(to, value * 2);
  else if (typeof value === 'string' || Buffer.isBuffer(value)) {
    const bytes = Buffer.from(value);
    writeVarint(to, bytes.length);
    to.push(...bytes);
  } else if ('fields' in value) writeStruct(to, value);
  else {
    const kind = value.length === 0 ? kinds.int : kindOf(value[0]!);
    if (value.length < 15) to.push((value.length << 4) | kind);
    else {
      to.push(0xf0 | kind);
      writeVarint(to, value.length);
    }
    for (const each of value) writeValue(to, each);
  }
}

/** A whole number of at most 53 bits, seven bits a byte. */
export function writeVarint(to: number[], value: number): void {
  let left = value;
  while (left >= 128) {
    to.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  to.push(left);
}
