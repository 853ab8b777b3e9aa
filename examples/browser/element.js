// Makes elements. Text stays text, whatever a bank sends: nothing is ever parsed as HTML.

/** An element with properties (`class` and `aria-…` as in HTML) and children; a child that is null is left out. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A name, which may be written from right to left: it stands where the others stand, and moves nothing around it. */
export function nameText(text) {
  return element('bdi', {}, text);
}
