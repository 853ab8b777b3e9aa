// What the server tells the page: where the API is, and as which client the page calls it.

/** `{ baseUrl, clientId, customers }` */
export const configuration = JSON.parse(document.querySelector('#configuration').textContent);
