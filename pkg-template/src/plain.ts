/** Options as JSON: what JSON would lose or turn into null is refused, with its path. */

import { configurationError } from './errors.js';

/** JSON of what a caller passed, which errors call `path`. `nulls`: whether null counts as absent; else it is refused. */
export function json(value: unknown, path = '', nulls = true): string {
  return JSON.stringify(plain(value, path, nulls, 0)) ?? 'null';
}

/** Returns a text that UTF-8 can hold. Halves of UTF-16 pairs are refused, because different texts would become one. */
export function wellFormed(path: string, text: string): string {
  if (isBroken(text)) throw configurationError(path, 'a well-formed string', 'half of a UTF-16 pair');
  return text;
}

const isBroken = (text: string) => /\p{Cs}/u.test(text);

/** No option is nested deeper; an object that holds itself is. */
const DEEPEST = 64;

/** A copy of plain data, which JSON writes as it is. */
function plain(value: unknown, path: string, nulls: boolean, depth: number): unknown {
  const refuse = (found: string): never => {
    throw configurationError(path || 'options', 'a value that JSON can hold', found);
  };
  if (value === null) return nulls ? null : refuse('null');
  if (value === undefined || typeof value === 'boolean') return value;
  if (typeof value === 'string') return isBroken(value) ? refuse('half of a UTF-16 pair') : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
  if (typeof value !== 'object') return refuse(`a ${typeof value}`);
  if (depth > DEEPEST) return refuse('an object that holds itself');
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') {
    const written: unknown = toJSON.call(value, '');
    // As of JavaScript's dates, dayjs's and moment's.
    if (written === null || written === undefined) return refuse('an invalid date');
    return plain(written, path, nulls, depth + 1);
  }
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) => {
      const at = `${path}[${index}]`;
      if (item === undefined) throw configurationError(at, 'an item', 'undefined');
      return plain(item, at, nulls, depth + 1);
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (isBroken(name)) return refuse('a name with half of a UTF-16 pair');
      return [name, plain(member, path ? `${path}.${name}` : name, nulls, depth + 1)];
    }),
  );
}
