// Which part of the page is shown.
import { keys } from './keys.js';

const PARTS = ['start', 'working', 'connected'];

/** Shows a part in place of the others. */
export function show(id) {
  for (const part of PARTS) document.getElementById(part).hidden = part !== id;
}

/** Shows what there is where the customer isn't on the way to a bank or back. */
export function showStart() {
  show(keys().length > 0 ? 'connected' : 'start');
}
