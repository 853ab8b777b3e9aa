// The sandbox in Jest, whose tests are CommonJS: required, as an application's tests do.
import { test } from 'node:test';
import { application } from './apps.mjs';

// The workspace's sandbox: the packed one would take packages of the same names, but other versions, that Jest has here.
const app = application('jest-sandbox');

test('Jest: tests against a sandbox pass if it is required', () => app.run('jest', ['bank.test.js']));

test('Jest: the controls of a required sandbox are those of an imported one', () =>
  app.run('jest', ['controls.test.js']));
