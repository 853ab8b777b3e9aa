// What tests use: a sandbox to start, and customers who consent or deny without a browser.
export { approve, deny } from './customer.js';
export { startSandbox } from './server.js';
