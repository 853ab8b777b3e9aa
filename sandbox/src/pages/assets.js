// Serves the style sheets and the script of the sandbox's own pages.
import { readFile } from 'node:fs/promises';

const FOLDER = new URL('../../public/', import.meta.url);

/**
 * @param {string} name of a file in `public/`
 * @returns {import('koa').Middleware}
 */
export function asset(name) {
  return async (ctx) => {
    ctx.type = name.slice(name.lastIndexOf('.'));
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Cache-Control', 'no-cache');
    ctx.body = await readFile(new URL(name, FOLDER));
  };
}
