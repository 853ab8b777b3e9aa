// Reads small request bodies.

const LIMIT = 64 * 1024;

/** @param {import('node:http').IncomingMessage} request */
export async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LIMIT) throw new RangeError(`a body of more than ${LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @param {import('node:http').IncomingMessage} request */
export async function readForm(request) {
  return new URLSearchParams(await readBody(request));
}
