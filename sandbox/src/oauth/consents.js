// What customers consented to: which accounts, until when, and whether they took it back.
import { instant, millisecondsOf } from '../clock.js';

/** @typedef {{ id: string, clientId: string, userId: string, accountIds: string[], actions: readonly import('./rich-requests.js').Action[], createdAt: number, expiresAt: number, revoked: boolean }} ConsentRecord */
/** @typedef {import('../../types/testing.d.ts').Consents} Consents */

const DAY = 86_400_000;

/** The consents of one sandbox, by the id of the OAuth grant. @implements {Consents} */
export class ConsentRegister {
  /** @type {Map<string, ConsentRecord>} */
  #records = new Map();
  #clock;
  #days = 90;

  /** @param {import('../clock.js').Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {number} days how long a consent lasts; no consent given before outlasts one given now */
  use(days) {
    this.#days = days;
    const latest = this.nextExpiry();
    for (const record of this.#records.values()) record.expiresAt = Math.min(record.expiresAt, latest);
  }

  /**
   * When a consent given now would end, in milliseconds on the sandbox's clock.
   * @param {number} [latest] what the app asks for, on the machine's clock as the app's own is
   */
  nextExpiry(latest = Number.POSITIVE_INFINITY) {
    return Math.min(this.#clock.fromMachine(latest), this.#clock.now() + this.#days * DAY);
  }

  /**
   * When a consent ends on the machine's clock, as clients are told: by it they count the days that are left.
   * @param {number} expiresAt
   */
  shownExpiry(expiresAt) {
    return instant(this.#clock.toMachine(expiresAt));
  }

  /** @param {Pick<ConsentRecord, 'id' | 'clientId' | 'userId' | 'accountIds' | 'actions' | 'expiresAt'>} consent */
  add(consent) {
    this.#records.set(consent.id, { ...consent, createdAt: this.#clock.now(), revoked: false });
  }

  /** @param {string | undefined} id */
  get(id) {
    return id === undefined ? undefined : this.#records.get(id);
  }

  /** @param {ConsentRecord} record */
  status(record) {
    if (record.revoked) return 'revoked';
    return record.expiresAt <= this.#clock.now() ? 'expired' : 'valid';
  }

  list() {
    return [...this.#records.values()].map((record) => ({
      id: record.id,
      clientId: record.clientId,
      username: record.userId,
      accountIds: record.accountIds,
      actions: record.actions,
      createdAt: instant(record.createdAt),
      expiresAt: instant(record.expiresAt),
      status: /** @type {'valid' | 'expired' | 'revoked'} */ (this.status(record)),
    }));
  }

  /**
   * @param {string | Date} expiresAt
   * @param {string} [id]
   */
  setExpiry(expiresAt, id) {
    const time = millisecondsOf(expiresAt);
    for (const record of this.#chosen(id)) record.expiresAt = time;
  }

  /** @param {string} [id] */
  revoke(id) {
    for (const record of this.#chosen(id)) record.revoked = true;
  }

  /** @param {string | undefined} id */
  #chosen(id) {
    if (id === undefined) return [...this.#records.values()];
    const record = this.#records.get(id);
    if (!record) throw new RangeError(`no consent ${id}`);
    return [record];
  }
}
