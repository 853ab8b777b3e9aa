// Reproducible chance: the same names give the same numbers.
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export class Chance {
  #generator;

  /** @param {...string} names */
  constructor(...names) {
    this.#generator = xoroshiro128plus(createHash('sha256').update(names.join('\0')).digest().readInt32BE());
  }

  /** @param {number} from @param {number} to both included */
  int(from, to) {
    return uniformInt(this.#generator, from, to);
  }

  /** @param {number} percent */
  happens(percent) {
    return this.int(1, 100) <= percent;
  }

  /** @template T @param {readonly T[]} items @returns {T} */
  pick(items) {
    return /** @type {T} */ (items[this.int(0, items.length - 1)]);
  }
}

/**
 * @param {number} length
 * @param {...string} names
 * @returns {string} letters and digits that stand for the names
 */
export function stableId(length, ...names) {
  return createHash('sha256').update(names.join('\0')).digest('hex').slice(0, length).toUpperCase();
}
