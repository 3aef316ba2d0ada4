/** Where a message of Protocol Buffers cannot be what its bytes say. */
export class ProtobufError extends Error {}

/**
 * Reads the fields of one message of Protocol Buffers one after the other: `next` goes to the next field, and one of the others
 * takes its value, or none does. @throws ProtobufError where the bytes end in the middle of a field, or are none.
 */
export class ProtobufReader {
  /** Number and kind of the field that stands next: 0 a whole number, 1 eight bytes, 2 counted bytes, 5 four bytes. */
  field = 0;
  wire = 0;
  readonly #bytes: Buffer;
  #at = 0;
  #valueAt = 0;
  #valueEnd = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const key = this.#varint();
    this.field = Math.floor(key / 8);
    this.wire = key % 8;
    this.#valueAt = this.#at;
    if (this.wire === 0) this.#varint();
    else if (this.wire === 1) this.#at += 8;
    else if (this.wire === 5) this.#at += 4;
    else if (this.wire === 2) {
      const length = this.#varint();
      this.#valueAt = this.#at;
      this.#at += length;
    } else throw new ProtobufError(`a field of kind ${this.wire}`);
    if (this.#at > this.#bytes.length) throw new ProtobufError('a field that ends beyond the message');
    this.#valueEnd = this.#at;
    return true;
  }

  /** A whole number, negative ones too; beyond 2^53 to the next that a double holds. */
  int(): number {
    if (this.wire !== 0) throw this.#mismatch('a whole number');
    return wholeNumber(this.#bytes, this.#valueAt, this.#valueEnd);
  }

  /** Whole numbers of a list, of which each stands by itself or all in counted bytes. */
  ints(): number[] {
    if (this.wire === 0) return [this.int()];
    const bytes = this.bytes();
    const numbers: number[] = [];
    for (let from = 0, at = 0; at < bytes.length; at++) {
      if (bytes[at]! >= 0x80) continue;
      numbers.push(wholeNumber(bytes, from, at + 1));
      from = at + 1;
    }
    return numbers;
  }

  double(): number {
    if (this.wire !== 1) throw this.#mismatch('a double');
    return this.#bytes.readDoubleLE(this.#valueAt);
  }

  float(): number {
    if (this.wire !== 5) throw this.#mismatch('a float');
    return this.#bytes.readFloatLE(this.#valueAt);
  }

  bytes(): Buffer {
    if (this.wire !== 2) throw this.#mismatch('counted bytes');
    return this.#bytes.subarray(this.#valueAt, this.#valueEnd);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  message(): ProtobufReader {
    return new ProtobufReader(this.bytes());
  }

  #varint(): number {
    let [value, factor] = [0, 1];
    for (let count = 0; count < 10; count++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new ProtobufError('a number that ends beyond the message');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new ProtobufError('a number of more than ten bytes');
  }

  #mismatch(expected: string): ProtobufError {
    return new ProtobufError(`field ${this.field} of kind ${this.wire}, not ${expected}`);
  }
}

/** Seven bits a byte, the lowest first; a negative one as if it had sixty-four. */
function wholeNumber(bytes: Buffer, from: number, to: number): number {
  let value = 0n;
  for (let at = to - 1; at >= from; at--) value = (value << 7n) | BigInt(bytes[at]! & 0x7f);
  return Number(BigInt.asIntN(64, value));
}
