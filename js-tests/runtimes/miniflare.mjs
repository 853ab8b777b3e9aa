// Starts workerd with the worker in a folder, of the date that is given if one is, and sends it each text at once: a program for a Node that
// miniflare takes.
import { startWorkerd } from './start-workerd.mjs';

const [folder, ...runs] = process.argv.slice(2);
const { COMPATIBILITY_DATE: compatibilityDate } = process.env;
const miniflare = startWorkerd(folder, compatibilityDate && { compatibilityDate });
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
