// What the server tells the page: where the API is, as which client the page calls it, and who can log in.

/** `{ baseUrl, clientId, customers, controls }`; `controls` is where the sandbox takes faults. */
export const configuration = JSON.parse(document.querySelector('#configuration').textContent);
