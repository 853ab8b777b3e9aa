// Sets up, builds, and shows the demo page against a local sandbox: `npm run demo [-- --port N]`.
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { serveDemo } from './serve.mjs';
import { setup } from './setup.mjs';
import { Failure, main } from './step.mjs';

const PREFERRED_PORT = 5173;

main(async () => {
  const port = wantedPort();
  await setup();
  await build();
  // Only now: on a fresh clone the packages weren't there before.
  const { startSandbox } = await import('@oakford/aisp-sandbox/testing');
  const sandbox = await startSandbox();
  const page = await serve(sandbox, port).catch(async (error) => {
    await sandbox.close();
    throw error;
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => Promise.all([page.close(), sandbox.close()]));
  }
  console.log(`The demo is at ${page.address} (Ctrl-C ends it).`);
});

function wantedPort() {
  const text = argument() ?? process.env.PORT;
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Failure('The port must be a number from 0 to 65535.');
}

function argument() {
  try {
    return parseArgs({ options: { port: { type: 'string' } } }).values.port;
  } catch (error) {
    throw new Failure(error.message);
  }
}

/** A port that was asked for is a must; the preferred one gives way to a free one. */
async function serve(sandbox, port) {
  try {
    return await serveDemo(sandbox, { port: port ?? PREFERRED_PORT });
  } catch (error) {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    if (port === undefined) return serveDemo(sandbox);
    throw new Failure(`Port ${port} can't be used (${error.code}): choose another with --port.`);
  }
}
