// The keys of the connections. The sessions are in the token store; an application with users keeps the keys with them.

const NAME = 'oakford.connections';

/** All keys, in the order in which they were connected. */
export function keys() {
  return JSON.parse(localStorage.getItem(NAME) ?? '[]');
}

/** Adds a key, if it is new. */
export function addKey(key) {
  save([...new Set([...keys(), key])]);
}

/** Removes a key. */
export function removeKey(key) {
  save(keys().filter((other) => other !== key));
}

/** Calls `changed` where another tab connects or disconnects. */
export function watchKeys(changed) {
  addEventListener('storage', ({ key }) => key === NAME && changed());
}

function save(list) {
  localStorage.setItem(NAME, JSON.stringify(list));
}
