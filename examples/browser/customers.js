// Who can log in at the sandbox, for the start page.
import { configuration } from './configuration.js';
import { element } from './element.js';

/** Lists the customers in `place`, if there are any. */
export function showCustomers(place) {
  const { customers } = configuration;
  place.hidden = customers.length === 0;
  place
    .querySelector('tbody')
    .append(
      ...customers.map(({ name, username, password }) =>
        element(
          'tr',
          {},
          element('td', {}, name),
          element('td', {}, element('code', {}, username)),
          element('td', {}, element('code', {}, password)),
        ),
      ),
    );
}
