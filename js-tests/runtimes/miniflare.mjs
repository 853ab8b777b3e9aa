// Starts workerd with the worker in a folder, and sends it each address at once: a program for a Node that miniflare takes.
import { startWorkerd } from './start-workerd.mjs';

const [folder, ...runs] = process.argv.slice(2);
const miniflare = startWorkerd(folder);
try {
  const answers = await Promise.all(
    runs.map(async (body) => {
      const response = await miniflare.dispatchFetch('http://worker/', { method: 'POST', body });
      return { ok: response.ok, text: await response.text() };
    }),
  );
  for (const { ok, text } of answers) if (!ok) throw new Error(text);
} finally {
  await miniflare.dispose();
}
