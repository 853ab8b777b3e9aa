// Makes, finds and updates elements.

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
 * Shows the rows of a list. A row that is shown already is updated in place, so that it keeps clicks, focus and selection.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows each with a `data-key` of its own
 * @param {HTMLElement} [otherwise] shown when the list is empty
 */
export function showRows(list, rows, otherwise) {
  const hadFocus = list.contains(document.activeElement);
  const keys = new Set(rows.map(({ dataset }) => dataset.key));
  const shown = new Map();
  for (const row of /** @type {HTMLElement[]} */ ([...list.children])) {
    if (keys.has(row.dataset.key)) shown.set(row.dataset.key, row);
    else row.remove();
  }
  for (const [index, row] of rows.entries()) {
    const known = shown.get(row.dataset.key);
    if (known) update(known, row);
    const [wanted, present] = [known ?? row, list.children[index] ?? null];
    if (wanted !== present) list.insertBefore(wanted, present);
  }
  list.hidden = rows.length === 0;
  if (otherwise) otherwise.hidden = rows.length > 0;
  if (hadFocus && !list.contains(document.activeElement))
    list.closest('section')?.querySelector('button')?.focus();
}

/**
 * Gives an element the attributes, the click handler and the children of another. Elements are kept where the tags are the
 * same, because browsers drop a click if its element is removed between press and release.
 * @param {HTMLElement} shown
 * @param {HTMLElement} made
 */
export function update(shown, made) {
  for (const name of shown.getAttributeNames()) if (!made.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of made.attributes)
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  shown.onclick = made.onclick;
  const children = [...made.childNodes];
  for (const [index, child] of children.entries()) {
    const present = shown.childNodes[index];
    if (present?.nodeName !== child.nodeName) {
      if (present) present.replaceWith(child);
      else shown.append(child);
    } else if (child instanceof HTMLElement) update(/** @type {HTMLElement} */ (present), child);
    else if (present.nodeValue !== child.nodeValue) present.nodeValue = child.nodeValue;
  }
  while (shown.childNodes.length > children.length) shown.lastChild?.remove();
}
