// Reads scenarios: built in, from a file, or given as an object; what is wrong with one is said by the field's name.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv } from 'ajv';
import { ACCOUNTS } from './data/accounts.js';
import { minorUnits } from './data/currency.js';

/** @typedef {import('../types/testing.d.ts').Scenario} Scenario */

const FOLDER = new URL('../scenarios/', import.meta.url);
const SCHEMA = JSON.parse(readFileSync(new URL('schema.json', FOLDER), 'utf8'));
const keepsSchema = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(SCHEMA);

/** A scenario that can't be loaded, and why. */
export class ScenarioError extends TypeError {}

/** @type {readonly import('../types/testing.d.ts').NamedScenario[]} the plain one first */
export const BUILT_IN = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'schema.json')
  .map((file) => ({
    name: basename(file, '.json'),
    description: builtIn(basename(file, '.json')).description ?? '',
  }))
  .sort((a, b) => Number(b.name === 'standard') - Number(a.name === 'standard'));

/**
 * @param {string | Scenario} what a built-in scenario's name, the path of a file that ends in `.json`, or a scenario
 * @returns {{ name: string, scenario: Scenario }}
 */
export function readScenario(what) {
  if (typeof what !== 'string') return { name: 'custom', scenario: checked(what, 'scenario') };
  if (what.endsWith('.json')) return { name: basename(what), scenario: checked(parsed(what), what) };
  if (BUILT_IN.some(({ name }) => name === what)) return { name: what, scenario: builtIn(what) };
  const names = BUILT_IN.map(({ name }) => name).join(', ');
  throw new ScenarioError(`no scenario "${what}": one of ${names}, or a file that ends in .json`);
}

/** @param {string} name @returns {Scenario} */
function builtIn(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** @param {string} path @returns {unknown} */
function parsed(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (problem) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (problem);
    throw new ScenarioError(code === 'ENOENT' ? `${path}: there is no such file` : `${path}: ${message}`);
  }
}

/** @param {unknown} value @param {string} source @returns {Scenario} */
function checked(value, source) {
  const found = keepsSchema(value) ? semanticProblems(/** @type {Scenario} */ (value)) : schemaProblems();
  const [first, ...others] = new Set(found);
  if (first === undefined) return /** @type {Scenario} */ (value);
  throw new ScenarioError(
    others.length === 0 ? `${source}: ${first}` : [`${source}:`, first, ...others].join('\n  '),
  );
}

/** @param {Scenario} scenario */
function semanticProblems({ accounts = {}, now }) {
  const problems = now !== undefined && Number.isNaN(Date.parse(now)) ? ['now is no time that there is'] : [];
  for (const { id, currency } of ACCOUNTS) {
    for (const field of /** @type {const} */ (['balance', 'creditLimit'])) {
      try {
        minorUnits(accounts[id]?.[field] ?? '0', currency);
      } catch (problem) {
        problems.push(`accounts.${id}.${field}: ${/** @type {Error} */ (problem).message}`);
      }
    }
  }
  return problems;
}

function schemaProblems() {
  const errors = keepsSchema.errors ?? [];
  // Of a choice that was missed, the whole is told and not each alternative.
  const missed = new Set(
    errors.filter(({ keyword }) => keyword === 'anyOf').map((error) => error.instancePath),
  );
  return errors
    .filter(({ keyword, instancePath }) => keyword === 'anyOf' || !missed.has(instancePath))
    .filter(({ keyword }) => keyword !== 'propertyNames')
    .map((error) => `${fieldOf(error)} ${said(error)}`);
}

/** @param {import('ajv').ErrorObject} error @returns {string} such as `accounts.acc_anna_current.balance` */
function fieldOf({ instancePath, propertyName }) {
  const steps = instancePath.split('/').slice(1);
  if (propertyName !== undefined) steps.push(propertyName);
  const path = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  return path.replace(/^\./, '') || 'the scenario';
}

/** @param {import('ajv').ErrorObject} error @returns {string} */
function said({ keyword, params, message, parentSchema, propertyName }) {
  const { properties, type, examples } = parentSchema ?? {};
  if (keyword === 'additionalProperties') {
    const known = Object.keys(properties ?? {}).filter((name) => name !== '$schema');
    return `has no field "${params.additionalProperty}"; it may have ${known.join(', ')}`;
  }
  if (keyword === 'enum') {
    const allowed = params.allowedValues.join(', ');
    return propertyName === undefined ? `must be one of ${allowed}` : `is not known; known are ${allowed}`;
  }
  if (!['anyOf', 'pattern', 'type'].includes(keyword) || !examples) return message ?? keyword;
  const kind = type === undefined ? '' : ` of type ${[type].flat().join(' or ')},`;
  return `must be${kind} such as ${examples.map((/** @type {unknown} */ each) => JSON.stringify(each)).join(' or ')}`;
}
