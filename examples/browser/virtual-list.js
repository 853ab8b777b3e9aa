// A list of any length that keeps only the rows near the screen in the page, and reuses them while it scrolls.
import { element } from './element.js';

const SPARE_ROWS = 8;

/** `make` makes a row, `fill` puts an item into one. The stylesheet's `--row` says how high each is. */
export class VirtualList {
  #rows = element('ol', { role: 'list' });
  #space = element('div', { class: 'space' }, this.#rows);
  #items = [];
  #first = 0;
  #make;
  #fill;

  constructor({ label, make, fill }) {
    this.#make = make;
    this.#fill = fill;
    // It takes the focus, so that the arrow, page and home keys scroll it.
    this.element = element(
      'div',
      { class: 'list', tabIndex: 0, role: 'group', 'aria-label': label },
      this.#space,
    );
    this.element.addEventListener('scroll', () => this.#render(), { passive: true });
    new ResizeObserver(() => this.show(this.#items)).observe(this.element);
  }

  /** Shows items in place of those before. */
  show(items) {
    this.#items = items;
    this.#space.style.height = `calc(${items.length} * var(--row))`;
    this.#render({ anew: true });
  }

  /** Scrolls to the first item. */
  toTop() {
    this.element.scrollTop = 0;
  }

  #render({ anew = false } = {}) {
    const { scrollTop, clientHeight } = this.element;
    const height = this.#space.clientHeight / this.#items.length || 1;
    const size = Math.min(this.#items.length, Math.ceil(clientHeight / height) + 2 * SPARE_ROWS);
    const wanted = Math.floor(scrollTop / height) - SPARE_ROWS;
    const first = Math.max(0, Math.min(wanted, this.#items.length - size));
    while (this.#rows.childElementCount < size) this.#rows.append(this.#make());
    while (this.#rows.childElementCount > size) this.#rows.lastElementChild.remove();
    const moved = first - this.#first;
    this.#first = first;
    this.#rows.style.translate = `0 ${first * height}px`;
    if (anew || Math.abs(moved) >= size) {
      for (let index = 0; index < size; index += 1) this.#fillRow(this.#rows.children[index], first + index);
    } else if (moved > 0) {
      // What leaves at the top comes in again at the bottom, so that rows keep the order of the items.
      for (let index = size - moved; index < size; index += 1) {
        const row = this.#rows.firstElementChild;
        this.#rows.append(row);
        this.#fillRow(row, first + index);
      }
    } else {
      for (let index = -moved - 1; index >= 0; index -= 1) {
        const row = this.#rows.lastElementChild;
        this.#rows.prepend(row);
        this.#fillRow(row, first + index);
      }
    }
  }

  #fillRow(row, index) {
    row.ariaSetSize = this.#items.length;
    row.ariaPosInSet = index + 1;
    this.#fill(row, this.#items[index], this.#items[index - 1]);
  }
}
