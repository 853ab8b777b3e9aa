// Packs wasm so that it compresses well; `pkg-template/wasm/unpack.js` describes the format and unpacks it.
import {
  AS_IT_IS,
  isOffset,
  LOCALS,
  OFFSETS,
  OPCODES,
  operandStreams,
  PLAIN,
  STREAMS,
  unpack,
} from '../pkg-template/wasm/unpack.js';
import { asText } from './inline.mjs';

const CODE_SECTION = 10;

/** `{ bytes, streams, head, functions, length }`: the streams one after the other, and what `unpack` is to know of them. */
export function pack(wasm) {
  const streams = Array.from({ length: STREAMS }, () => []);
  const operandsOf = operandStreams();
  const reader = new Reader(wasm);
  const code = reader.sections().find(({ id }) => id === CODE_SECTION);
  reader.at = code.start;
  const functions = reader.number();
  const head = reader.at;
  streams[PLAIN].push(...wasm.subarray(0, head), ...wasm.subarray(code.end));
  for (let left = functions; left > 0; left--) {
    const size = reader.number();
    const end = reader.at + size;
    const declarations = reader.declarations();
    streams[LOCALS].push(declarations.length, ...declarations);
    while (reader.at < end) {
      const opcode = wasm[reader.at++];
      const operands = reader.operands(opcode);
      const stream = isOffset(opcode, wasm[reader.at]) ? OFFSETS : operandsOf[opcode];
      if (stream > 0) {
        streams[OPCODES].push(opcode);
        streams[stream].push(...(isMemory(opcode) ? operands.subarray(1) : operands));
      } else if (operands.length > 0)
        streams[OPCODES].push(AS_IT_IS, operands.length + 1, opcode, ...operands);
      else streams[OPCODES].push(opcode);
    }
  }
  const sizes = streams.map(({ length }) => length);
  return { bytes: streams.flat(), streams: sizes, head, functions, length: wasm.length };
}

/** The source text of what `unpack` takes. */
export function literal(wasm, { bytes, ...rest }, order) {
  const text = asText(bytes, order);
  const unpacked = unpack({ text, ...rest }, order);
  if (Buffer.compare(unpacked, wasm) !== 0) throw new Error('The wasm would not be unpacked as it was.');
  const { streams, head, functions, length } = rest;
  return `{ streams: [${streams}], head: ${head}, functions: ${functions}, length: ${length}, text: '${text}' }`;
}

// Blocks, branches, calls, variables, tables, the size of memory, constants, references.
const ONE_NUMBER = new Set([
  0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0,
  0xd2,
]);
const isMemory = (opcode) => opcode >= 0x28 && opcode <= 0x3e;

/** Reads as much of wasm's binary format as it takes to see where an instruction ends (WebAssembly, section 5). */
class Reader {
  at = 8;

  constructor(wasm) {
    this.wasm = wasm;
  }

  number() {
    let value = 0;
    let shift = 0;
    let byte;
    do {
      byte = this.wasm[this.at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value >>> 0;
  }

  numbers(count) {
    for (let left = count; left > 0; left--) this.number();
  }

  sections() {
    const found = [];
    while (this.at < this.wasm.length) {
      const id = this.wasm[this.at++];
      const size = this.number();
      found.push({ id, start: this.at, end: this.at + size });
      this.at += size;
    }
    return found;
  }

  /** The bytes of a function's local declarations. */
  declarations() {
    const start = this.at;
    for (let groups = this.number(); groups > 0; groups--) {
      this.number();
      this.at += 1;
    }
    return this.wasm.subarray(start, this.at);
  }

  /** The bytes of an instruction's operands. */
  operands(opcode) {
    const start = this.at;
    if (isMemory(opcode)) this.numbers(2);
    else if (ONE_NUMBER.has(opcode)) this.number();
    else if (opcode === 0x0e) this.numbers(this.number() + 1);
    else if (opcode === 0x11) this.numbers(2);
    else if (opcode === 0x43) this.at += 4;
    else if (opcode === 0x44) this.at += 8;
    else if (opcode === 0xfc) this.bulk(this.number());
    else if (opcode === 0xfd) this.vector(this.number());
    else if (opcode === 0x1c || opcode > 0xd2) throw new Error(`No instruction ${opcode} was expected.`);
    return this.wasm.subarray(start, this.at);
  }

  /** Saturating truncation, and what copies, fills and grows. */
  bulk(opcode) {
    if (opcode >= 8) this.numbers([8, 10, 12, 14].includes(opcode) ? 2 : 1);
  }

  vector(opcode) {
    if (opcode <= 11 || opcode === 92 || opcode === 93) this.numbers(2);
    else if (opcode === 12 || opcode === 13) this.at += 16;
    else if (opcode >= 21 && opcode <= 34) this.at += 1;
    else if (opcode >= 84 && opcode <= 91) {
      this.numbers(2);
      this.at += 1;
    }
  }
}
