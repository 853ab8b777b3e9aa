// Jest's jsdom, with what it lacks taken from Node.
const { TestEnvironment } = require('jest-environment-jsdom');

const fromNode =
  'AbortController AbortSignal Headers Request Response TextDecoder TextEncoder fetch structuredClone';

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of fromNode.split(' ')) this.global[name] = globalThis[name];
    Object.defineProperty(this.global, 'crypto', { value: globalThis.crypto });
  }
};
