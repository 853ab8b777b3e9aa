/** What the command prints: rows on stdout, everything else on stderr, and a progress line where stderr is a terminal. */

/// <reference types="node" />
import { once } from 'node:events';

/** The reader of stdout closed the pipe, as `head` does when it has its lines. */
export class PipeClosed extends Error {}

const BAR = 24;

/** The two streams of the process. */
export class Terminal {
  /** Whether rows are read by a person. */
  readonly interactive = process.stdout.isTTY === true;
  readonly #live = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  #line = '';
  #closed = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#closed = true;
    });
    // Nobody reads what is printed there: the rows still count.
    process.stderr.on('error', () => {});
  }

  /** The columns of the terminal; undefined where rows are not printed on one. */
  get columns(): number | undefined {
    return this.interactive ? process.stdout.columns || 80 : undefined;
  }

  /** Prints rows; resolves once the reader has room for more. */
  async print(text: string): Promise<void> {
    if (text === '') return;
    const line = this.#line;
    if (this.interactive) this.clear();
    if (!this.#closed && !process.stdout.write(text))
      await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => {});
    if (this.#closed) throw new PipeClosed();
    if (this.interactive) this.#draw(line);
  }

  /** Resolves once the reader has everything that was printed. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
    if (this.#closed) throw new PipeClosed();
  }

  /** Prints a line for a person. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  /** Shows how far the work is: `fraction` of the whole, and a few words. */
  progress(fraction: number, words: string): void {
    const whole = Math.min(1, Math.max(0, fraction));
    const full = Math.round(whole * BAR);
    const percent = `${Math.floor(whole * 100)}`.padStart(3);
    this.#draw(`[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${percent} %  ${words}`);
  }

  /** Shows a few words where the progress stands. */
  wait(words: string): void {
    if (this.#line !== '') this.#draw(words);
  }

  /** Removes the line of the progress. */
  clear(): void {
    if (this.#line !== '') process.stderr.write('\r\x1b[2K');
    this.#line = '';
  }

  /** Text in bold, where that is wanted: https://no-color.org. */
  readonly bold = (text: string): string => {
    const plain = !this.interactive || process.env.TERM === 'dumb' || process.env.NO_COLOR;
    return plain ? text : `\x1b[1m${text}\x1b[22m`;
  };

  #draw(line: string): void {
    if (!this.#live || line === '') return;
    this.#line = line.slice(0, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r\x1b[2K${this.#line}`);
  }
}
