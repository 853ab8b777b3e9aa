// Sends what was clicked to the sandbox: one command after the other, in the order of the clicks.
import { byId } from './dom.js';

let previous = Promise.resolve(0);

/**
 * Sends one command after those before it.
 * @param {string} path below `/_sandbox`
 * @param {unknown} [body]
 * @param {string} [method]
 */
export function command(path, body, method = 'POST') {
  return inTurn(() => send(path, method, body));
}

/**
 * Runs work that sends requests after the commands before it, and shows why a request was refused.
 * @param {() => Promise<{ revision: number }>} work
 * @returns {Promise<number>} the revision of the state that shows the effect; 0 if there is none
 */
export function inTurn(work) {
  previous = previous.then(async () => {
    const problem = byId('problem');
    let revision = 0;
    try {
      ({ revision } = await work());
      problem.textContent = '';
    } catch (error) {
      problem.textContent = error instanceof Refusal ? error.message : 'The sandbox does not answer.';
    }
    problem.hidden = problem.textContent === '';
    return revision;
  });
  return previous;
}

/**
 * Sends one request.
 * @param {string} path below `/_sandbox`
 * @param {string} [method]
 * @param {unknown} [body]
 * @returns {Promise<{ answer: any, revision: number }>}
 */
export async function send(path, method = 'GET', body) {
  const response = await fetch(`/_sandbox/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Refusal(answer.error_description);
  return { answer, revision: Number(response.headers.get('Sandbox-Revision')) };
}

/** The sandbox refused the request and said why. */
class Refusal extends Error {}
