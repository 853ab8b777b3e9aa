// What tests use: a sandbox to start, and customers who consent or deny without a browser.
import * as customer from './customer.js';
import * as plan from './fault-plan.cjs';
import * as server from './server.js';

/** @typedef {typeof import('../types/testing.d.ts')} Testing the public types, which these have to keep to */

/** @type {Testing['startSandbox']} */
export const startSandbox = server.startSandbox;

/** @type {Testing['faultsOn']} */
export const faultsOn = plan.faultsOn;

/** @type {Testing['approve']} */
export const approve = customer.approve;

/** @type {Testing['deny']} */
export const deny = customer.deny;
