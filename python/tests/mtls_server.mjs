// A TLS server for the tests of mutual TLS: writes certificates into a folder, says where it listens, and at the end of its input what it saw.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeCertificates } from '../../js-tests/support/certificates.mjs';
import { maliciousServer } from '../../js-tests/support/malicious-server.mjs';

const folder = process.argv[2];
const { ca, server, client, stranger } = makeCertificates();
const files = { ca, cert: client.cert, key: client.key, strange: stranger.cert, strangeKey: stranger.key };
for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, `${name}.pem`), pem);
const state = await maliciousServer({}, { tls: server, mtls: { ...server, ca } });
console.log(JSON.stringify({ origin: state.origin, mtlsOrigin: state.mtlsOrigin }));
const lines = createInterface({ input: process.stdin });
// Each line is the nonce of the next ID token.
lines.on('line', (nonce) => {
  state.nonce = nonce;
  console.log('noted');
});
lines.on('close', () => {
  const seen = state.requests.map(({ path, certificate, headers }) => ({
    path,
    certificate,
    dpop: headers.dpop !== undefined,
  }));
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit());
});
