// In-memory store of the OpenID provider, in which everything ages when the sandbox clock moves.

/** @typedef {import('oidc-provider').Adapter} Adapter */
/** @typedef {import('oidc-provider').AdapterPayload} Payload */

/** @typedef {import('../../types/testing.d.ts').RefreshTokenMode} RefreshTokenMode */
/**
 * @typedef {object} Row
 * @property {Payload} payload
 * @property {number} offset of the sandbox clock when the row was written
 * @property {number} [consumedAt] on the sandbox clock
 */

/** How long, on the sandbox clock, a consumed refresh token is still accepted in the mode `grace`. */
export const GRACE_MS = 10_000;

const SWEEP_EVERY = 500;

/**
 * The provider itself runs on the machine's time, so that the ID tokens it dates are good for clients on this
 * machine. Moving the sandbox clock by a day makes every stored token a day older instead.
 * @param {import('../clock.js').Clock} clock
 * @param {RefreshTokenMode} refreshTokens
 * @returns {(model: string) => Adapter}
 */
export function createStore(clock, refreshTokens) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {Map<string, string>} key of the refresh token that was consumed last, by grant */
  const lastConsumed = new Map();
  /** @type {Map<string, Set<string>>} keys of what a grant gave rise to */
  const byGrant = new Map();
  /** @type {Map<string, string>} session uid to key */
  const byUid = new Map();
  let writes = 0;

  /** @param {string | undefined} key */
  const read = (key) => {
    const row = key === undefined ? undefined : rows.get(key);
    if (key === undefined || !row) return undefined;
    const payload = aged(row.payload, Math.floor((clock.offset - row.offset) / 1000));
    if (isInGrace(key, row)) delete payload.consumed;
    return payload;
  };

  /** @param {string} key @param {Row} row @returns {boolean} whether a consumed refresh token is accepted once more */
  const isInGrace = (key, { payload, consumedAt }) =>
    refreshTokens === 'grace' &&
    consumedAt !== undefined &&
    clock.now() - consumedAt < GRACE_MS &&
    lastConsumed.get(payload.grantId ?? '') === key;

  const sweep = () => {
    const now = Date.now() / 1000;
    for (const key of rows.keys()) {
      // A grace day: expired refresh tokens are to be called expired, not unknown.
      if ((read(key)?.exp ?? Number.POSITIVE_INFINITY) + 86_400 < now) forget(key);
    }
  };

  /** @param {string} key */
  const forget = (key) => {
    const payload = rows.get(key)?.payload;
    rows.delete(key);
    if (payload?.uid) byUid.delete(payload.uid);
    if (!payload?.grantId) return;
    const keys = byGrant.get(payload.grantId);
    keys?.delete(key);
    if (keys?.size !== 0) return;
    byGrant.delete(payload.grantId);
    lastConsumed.delete(payload.grantId);
  };

  return (model) => {
    const keyOf = (/** @type {string} */ id) => `${model}:${id}`;
    return {
      async upsert(id, payload) {
        const key = keyOf(id);
        rows.set(key, { payload, offset: clock.offset });
        if (model === 'Session' && payload.uid) byUid.set(payload.uid, key);
        if (payload.grantId) {
          const keys = byGrant.get(payload.grantId) ?? new Set();
          byGrant.set(payload.grantId, keys.add(key));
        }
        writes += 1;
        if (writes % SWEEP_EVERY === 0) sweep();
      },
      async find(id) {
        return read(keyOf(id));
      },
      async findByUid(uid) {
        return read(byUid.get(uid));
      },
      // Part of the interface; only the device flow, which is off, asks for it.
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        const key = keyOf(id);
        const row = rows.get(key);
        // The first use begins the grace window; a use within it does not extend it.
        if (!row || row.payload.consumed) return;
        row.payload.consumed = Math.floor(Date.now() / 1000);
        if (model !== 'RefreshToken') return;
        row.consumedAt = clock.now();
        lastConsumed.set(row.payload.grantId ?? '', key);
      },
      async destroy(id) {
        forget(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const key of [...(byGrant.get(grantId) ?? [])]) if (key.startsWith(`${model}:`)) forget(key);
      },
    };
  };
}

/**
 * @param {Payload} payload
 * @param {number} seconds
 * @returns {Payload} a copy, older by so many seconds
 */
function aged(payload, seconds) {
  const copy = { ...payload };
  if (seconds === 0) return copy;
  for (const field of /** @type {const} */ (['exp', 'iat', 'iiat', 'loginTs'])) {
    const value = copy[field];
    if (typeof value === 'number') copy[field] = value - seconds;
  }
  return copy;
}
