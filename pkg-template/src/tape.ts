/** Reads texts, flags and lists off the tape that the decoder wrote. `src/aisp/decode/tape.rs` defines its layout. */

import { WORDS } from './generated/words.js';

const HEADER_CHUNKS = 1;
const HEADER_CHUNK_COUNT = 2;
const HEADER_TABLE = 3;
const HEADER_TABLE_LENGTH = 4;
const CHUNK_WORDS = 8;
const TEXT_WORDS = 3;

/** A slot's two top bits say where its text lies; with the topmost set the slot is negative. */
const IS_TABLE = 0x40000000;
const NUMBER = 0x3fffffff;
const LENGTH_BITS = 14;
const LENGTH = 0x3fff;
const OFFSET = 0xffff;

const NO_TEXTS: readonly string[] = Object.freeze([]);
/** What stands in `extra` where there is nothing. */
export const NO_FIELDS: Readonly<Record<string, unknown>> = Object.freeze({});

let chunk = '';
let wide = '';
let keys = '';
let table: string[] = [];

type Builder<T> = (tape: Int32Array, record: number) => T;

/** Builds every row, chunk by chunk. Nothing of the buffers is kept: they may be the wasm instance's memory. */
export function buildAll<T>(all: Uint8Array, words: Uint32Array, aux: Uint8Array, build: Builder<T>): T[] {
  // As signed numbers nearly all slots are small integers to the engine.
  const tape = new Int32Array(words.buffer, words.byteOffset, words.length);
  const rows: T[] = [];
  try {
    readTable(tape, all, aux);
    const count = tape[HEADER_CHUNK_COUNT] as number;
    let at = tape[HEADER_CHUNKS] as number;
    for (let i = 0; i < count; i++, at += CHUNK_WORDS) {
      readChunk(tape, at, all, aux);
      const list = tape[at + 2] as number;
      const end = list + (tape[at + 3] as number);
      for (let row = list; row < end; row++) rows.push(build(tape, tape[row] as number));
    }
    return rows;
  } finally {
    chunk = wide = keys = '';
    table = [];
  }
}

/** A text; `undefined` where it is absent. */
export function text(slot: number): string | undefined {
  if (slot > 0) {
    const start = slot >>> LENGTH_BITS;
    return chunk.substring(start, start + (slot & LENGTH));
  }
  return slot === 0 ? undefined : otherText(slot);
}

/** A flag: 1 is `false`, 2 is `true`. */
export function flag(slot: number): boolean | undefined {
  return slot === 0 ? undefined : slot === 2;
}

/** A row's key, which is its id where the slot is 0. */
export function key(slot: number, id: string | undefined): string {
  if (slot === 0) return id as string;
  const start = slot >>> LENGTH_BITS;
  return keys.substring(start, start + (slot & LENGTH));
}

/** A list of texts. */
export function texts(tape: Int32Array, slot: number): readonly string[] {
  if (slot === 0) return NO_TEXTS;
  const length = tape[slot] as number;
  if (length === 1) return [text(tape[slot + 1] as number) as string];
  const all: string[] = [];
  for (let at = slot + 1; at <= slot + length; at++) all.push(text(tape[at] as number) as string);
  return all;
}

/** A list of objects. */
export function list<T>(tape: Int32Array, slot: number, build: Builder<T>): readonly T[] {
  if (slot === 0) return NO_TEXTS as unknown as readonly T[];
  const all: T[] = [];
  const end = slot + (tape[slot] as number);
  for (let at = slot + 1; at <= end; at++) all.push(build(tape, tape[at] as number));
  return all;
}

/** Unknown fields, which the decoder hands over as JSON. `JSON.parse` makes `__proto__` an own property: data. */
export function extra(slot: number): Readonly<Record<string, unknown>> {
  return JSON.parse(text(slot) as string);
}

function otherText(slot: number): string {
  if (slot & IS_TABLE) {
    const number = slot & NUMBER;
    return (number < WORDS.length ? WORDS[number] : table[number - WORDS.length]) as string;
  }
  const start = (slot >>> LENGTH_BITS) & OFFSET;
  return wide.substring(start, start + (slot & LENGTH));
}

function readChunk(tape: Int32Array, at: number, all: Uint8Array, aux: Uint8Array): void {
  const bound = (place: number) => tape[at + place] as number;
  chunk = latin1(all, bound(0), bound(1));
  wide = utf16(aux, bound(4), bound(5));
  keys = latin1(aux, bound(6), bound(7));
}

/** Texts that rows share, or that are too long for a slot. */
function readTable(tape: Int32Array, all: Uint8Array, aux: Uint8Array): void {
  const length = tape[HEADER_TABLE_LENGTH] as number;
  let at = tape[HEADER_TABLE] as number;
  for (let i = 0; i < length; i++, at += TEXT_WORDS) {
    const start = tape[at + 1] as number;
    const end = start + (tape[at + 2] as number);
    table.push(readText(tape[at] as number, start, end, all, aux));
  }
}

function readText(source: number, start: number, end: number, all: Uint8Array, aux: Uint8Array): string {
  switch (source) {
    case 0:
      return latin1(all, start, end);
    case 1:
      return utf16(aux, start, end);
    default:
      return brokenUtf16(aux, start, end);
  }
}

/** UTF-16 with lone surrogates, which a `TextDecoder` would replace. */
function brokenUtf16(aux: Uint8Array, start: number, end: number): string {
  let all = '';
  for (let at = start; at < end; at += 2) {
    all += String.fromCharCode((aux[at] as number) | ((aux[at + 1] as number) << 8));
  }
  return all;
}

/** Node's `Buffer` reads both encodings faster than its `TextDecoder`. */
interface Slices {
  latin1Slice?: (this: Uint8Array, start: number, end: number) => string;
  ucs2Slice?: (this: Uint8Array, start: number, end: number) => string;
}
const slices: Slices = (globalThis as { Buffer?: { prototype?: Slices } }).Buffer?.prototype ?? {};
const { latin1Slice, ucs2Slice } = slices;

let latin1Decoder: TextDecoder | undefined;
let utf16Decoder: TextDecoder | undefined;

/** Longest text for which reading bytes one by one is faster than a decoder. */
const SHORT = 24;

function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return '';
  if (end - start <= SHORT) {
    let all = '';
    for (let at = start; at < end; at++) all += String.fromCharCode(bytes[at] as number);
    return all;
  }
  if (latin1Slice) return latin1Slice.call(bytes, start, end);
  latin1Decoder ??= new TextDecoder('latin1');
  return latin1Decoder.decode(bytes.subarray(start, end));
}

function utf16(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return '';
  if (ucs2Slice) return ucs2Slice.call(bytes, start, end);
  // Else U+FEFF at the beginning would be taken for a byte order mark.
  utf16Decoder ??= new TextDecoder('utf-16le', { ignoreBOM: true });
  return utf16Decoder.decode(bytes.subarray(start, end));
}
