// Writes the wasm as text for the file that carries it: one printable character for each of the more frequent bytes, two for the others.
// Compressed by a server this is 2 % larger than the bytes themselves; base64 of gzip is 18 % larger.

// The printable characters from # to ~ that need no escaping in a string, whatever its quotes.
const CHARACTERS = Array.from({ length: 92 }, (_, index) => String.fromCharCode(35 + index)).filter(
  (character) => !"'\\".includes(character),
);
// The last two announce that the next character stands for a rarer byte.
const SINGLES = CHARACTERS.length - 2;

/** The text, by the order of bytes: `pkg-template/wasm/inline.js` reads it. */
export function asText(bytes, order) {
  const texts = [];
  order.forEach((byte, index) => {
    const prefix = index < SINGLES ? '' : CHARACTERS[SINGLES + Math.floor(index / SINGLES) - 1];
    texts[byte] = prefix + CHARACTERS[index % SINGLES];
  });
  return Array.from(bytes, (byte) => texts[byte]).join('');
}

/** All byte values, the most frequent first; printable ones stand for themselves, so that compressors find the words in them. */
export function orderOf(bytes) {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] += 1;
  const byCount = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  const frequent = new Set(byCount.slice(0, SINGLES));
  const singles = CHARACTERS.slice(0, SINGLES).map((character) => character.charCodeAt(0));
  const others = [...frequent].filter((byte) => !singles.includes(byte)).sort((a, b) => a - b);
  const order = singles.map((code) => (frequent.has(code) ? code : others.shift()));
  return [...order, ...byCount.slice(SINGLES).sort((a, b) => a - b)];
}
