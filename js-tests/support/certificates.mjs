/** Certificates for tests, made by openssl: an authority of our own, a server's and a client's. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `{ ca, server, expired, client, stranger }` in PEM, the last four `{ cert, key }`: `expired` is a server's, the stranger's authority is another. */
export function makeCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'oakford-tls-'));
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const authority = (name) => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
    return name;
  };
  const certificate = (by, name, days = '2') => {
    writeFileSync(join(folder, `${name}.ext`), 'subjectAltName=IP:127.0.0.1\n');
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.crt`,
      '-CAkey',
      `${by}.key`,
      '-CAcreateserial',
      '-days',
      days,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
    return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
  };
  try {
    const [ours, theirs] = [authority('authority'), authority('other-authority')];
    return {
      ca: read(`${ours}.crt`),
      server: certificate(ours, 'server'),
      expired: certificate(ours, 'expired', '-1'),
      client: certificate(ours, 'client'),
      stranger: certificate(theirs, 'stranger'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
