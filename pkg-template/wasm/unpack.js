// Makes wasm of text. scripts/pack.mjs wrote it: opcodes stand with opcodes, and operands with operands of their kind, which compresses to a tenth less than
// wasm as it stands; and each of the more frequent bytes is one printable character, the others are two.

/** The first streams: whatever is no code; each function's local declarations, behind their length; opcodes. */
export const PLAIN = 0;
export const LOCALS = 1;
export const OPCODES = 2;
/** How many streams there are. */
export const STREAMS = 13;
/** In place of an opcode: so many bytes follow as they are. */
export const AS_IT_IS = 255;

/** The stream of each instruction's one operand, by its opcode (WebAssembly, section 5.4); 0 where it has none. */
export function operandStreams() {
  const streams = new Uint8Array(256);
  // Offsets of loads and stores, before which stands the hint of alignment: 0 always.
  streams.fill(3, 40, 54).fill(4, 54, 63);
  // Numbers; blocks, branches, calls, locals, globals, numbers of 64 bits.
  [[65], [2, 3, 4], [12, 13], [16], [32, 33, 34], [35, 36], [66]].forEach((opcodes, index) => {
    for (const opcode of opcodes) streams[opcode] = 5 + index;
  });
  return streams;
}

/** A number that is added by the next instruction is an offset mostly, and stands apart. */
export const OFFSETS = 12;
export const isOffset = (opcode, next) => opcode === 65 && next === 106;

/** `text`: the streams one after the other; `order`: the bytes that its characters stand for. */
export function unpack({ text, streams, head, functions, length }, order) {
  const packed = bytesOf(text, order);
  const operands = operandStreams();
  let end = 0;
  const read = streams.map((size) => {
    end += size;
    return end - size;
  });
  // Two more than there are: a function is written before its size, which may be shorter than the place for it.
  const bytes = new Uint8Array(length + 2);
  bytes.set(packed.subarray(0, head));
  let at = head;
  let next = read[OPCODES];
  for (let left = functions; left > 0; left--) {
    const start = at;
    at += 3;
    for (let count = packed[read[LOCALS]++]; count > 0; count--) bytes[at++] = packed[read[LOCALS]++];
    for (let depth = 1; depth > 0; ) {
      const opcode = packed[next++];
      if (opcode === AS_IT_IS) {
        for (let count = packed[next++]; count > 0; count--) bytes[at++] = packed[next++];
        continue;
      }
      bytes[at++] = opcode;
      if (opcode < 12) depth += (opcode > 1 && opcode < 5) - (opcode === 11);
      let stream = operands[opcode];
      if (stream === 0) continue;
      if (stream < 5) bytes[at++] = 0;
      else if (isOffset(opcode, packed[next])) stream = OFFSETS;
      let from = read[stream];
      while (packed[from] > 127) bytes[at++] = packed[from++];
      bytes[at++] = packed[from++];
      read[stream] = from;
    }
    const size = at - start - 3;
    const width = size < 128 ? 1 : size < 16_384 ? 2 : 3;
    bytes.copyWithin(start + width, start + 3, at);
    at += width - 3;
    for (let place = 0; place < width; place++)
      bytes[start + place] = ((size >> (7 * place)) & 127) | (place < width - 1 ? 128 : 0);
  }
  bytes.set(packed.subarray(head, streams[PLAIN]), at);
  return bytes.subarray(0, length);
}

function bytesOf(text, order) {
  const bytes = new Uint8Array(text.length);
  let at = 0;
  let page = 0;
  for (let read = 0; read < text.length; read++) {
    const code = text.charCodeAt(read);
    const index = code - 35 - (code > 39) - (code > 92);
    if (index < 88) {
      bytes[at++] = order[page + index];
      page = 0;
    } else page = (index - 87) * 88;
  }
  return bytes;
}
