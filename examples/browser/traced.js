// Shows each call of the SDK in the call log. Without it the page works the same: `traced(session, 'session')` is a session.
import { beginCall } from './call-log.js';

/** The same object, whose calls are logged as the code that makes them. */
export function traced(object, name) {
  return new Proxy(object, {
    get(target, property) {
      const value = target[property];
      if (typeof value !== 'function') return value;
      return (...values) => watched(value.apply(target, values), `${name}.${written(property, values)}`);
    },
  });
}

/** A promise, or a list that is read once it is awaited or iterated. */
function watched(result, code) {
  return new Proxy(result, {
    get(target, property) {
      if (property === 'then') return (...handlers) => timed(target, code).then(...handlers);
      if (property === 'all')
        return (options) => timed(target.all(options), `${code}.${written('all', [options])}`);
      if (property === 'pages') return () => timedPages(target.pages(), `${code}.pages()`);
      const value = target[property];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function timed(promise, code) {
  const call = beginCall(`await ${code}`);
  try {
    const result = await promise;
    call.done();
    return result;
  } catch (error) {
    call.failed(error);
    throw error;
  }
}

async function* timedPages(pages, code) {
  const call = beginCall(`for await (const page of ${code})`);
  let count = 0;
  try {
    for await (const page of pages) {
      count += 1;
      call.note(count === 1 ? '1 page' : `${count} pages`);
      yield page;
    }
    call.done();
  } catch (error) {
    call.failed(error);
    throw error;
  }
}

/** A call as code. What is secret or long is written by its name. */
function written(method, values) {
  const names = { completeAuthorization: ['callbackUrl', 'pending'] }[method] ?? [];
  return `${method}(${values.map((value, index) => names[index] ?? literal(value)).join(', ')})`;
}

function literal(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => {
      if (name === 'signal' || name === 'checkpoint') return name;
      return `${name}: ${literal(member)}`;
    });
  return `{ ${members.join(', ')} }`;
}
