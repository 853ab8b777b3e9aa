/** A visitor's browser, as far as the server examples need one: cookies by origin, redirects one by one, forms with an Origin. */
import { CookieJar } from 'tough-cookie';

export class Visitor {
  #jar = new CookieJar();

  /**
   * @param {string} origin the example's
   * @param {Record<string, string>} headers sent with every request
   */
  constructor(origin, headers = {}) {
    this.origin = origin;
    this.headers = headers;
  }

  get = (path) => this.#ask(path, {});

  /** Sends a form from a page of `from`. */
  post = (path, fields = {}, from = this.origin) =>
    this.#ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: from } });

  /** The cookies as the server set them, with their attributes. */
  cookies = () => this.#jar.getCookies(this.origin);

  async #ask(path, { headers, ...init }) {
    const url = new URL(path, this.origin).href;
    const cookie = await this.#jar.getCookieString(url);
    const response = await fetch(url, {
      ...init,
      headers: { ...this.headers, ...headers, cookie },
      redirect: 'manual',
    });
    for (const set of response.headers.getSetCookie()) await this.#jar.setCookie(set, url);
    return response;
  }
}
