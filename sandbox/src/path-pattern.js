// Path patterns of faults and of the request log: `*` stands for any characters.

/**
 * @param {{ method?: string | undefined, path?: string | undefined }} match
 * @returns {(method: string, path: string) => boolean}
 */
export function requestMatcher({ method, path }) {
  const pattern =
    path === undefined ? undefined : new RegExp(`^${path.split('*').map(escapeRegExp).join('.*')}$`);
  return (givenMethod, givenPath) =>
    (method === undefined || method.toUpperCase() === givenMethod) &&
    (pattern === undefined || pattern.test(givenPath));
}

/** @param {string} text */
const escapeRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
