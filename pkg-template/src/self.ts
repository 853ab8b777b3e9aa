/** Private fields are out of reach through a Proxy (Vue's `reactive`, MobX, Immer): methods take them from the object behind it. */

const SELF = Symbol('self');

/** Makes an object reachable through proxies; to be called by its constructor. */
export function reachable(object: object): void {
  // A function, because such proxies wrap the objects that they give out, and not what a function returns.
  Object.defineProperty(object, SELF, { value: () => object });
}

/** The object behind a proxy of it, or the object itself. */
export function self<T extends object>(object: T): T {
  return (object as unknown as { [SELF](): T })[SELF]();
}
