// Makes and finds elements, and asks the sandbox to do something.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} properties
 * @param {...(Node | string)} children
 */
export function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-')) made.setAttribute(name, String(value));
    else Object.assign(made, { [name]: value });
  }
  made.append(...children);
  return made;
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * What comes of it is shown by the next state; why it was refused, here.
 * @param {string} path below `/_sandbox`
 * @param {unknown} [body]
 * @param {string} [method]
 */
export async function ask(path, body, method = 'POST') {
  const problem = byId('problem');
  try {
    const response = await fetch(`/_sandbox/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    problem.textContent = response.ok ? '' : (await response.json()).error_description;
  } catch {
    problem.textContent = 'The sandbox does not answer.';
  }
  problem.hidden = problem.textContent === '';
}

/**
 * Shows a list anew while what has the focus keeps it.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} items each button in them has a `data-key` of its own
 * @param {HTMLElement} [otherwise] shown where the list is empty
 */
export function refill(list, items, otherwise) {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const key = list.contains(active) ? active?.dataset.key : undefined;
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
  if (otherwise) otherwise.hidden = items.length > 0;
  if (key === undefined) return;
  const same = [...list.querySelectorAll('button')].find((button) => button.dataset.key === key);
  (same ?? list.closest('section')?.querySelector('button'))?.focus();
}
