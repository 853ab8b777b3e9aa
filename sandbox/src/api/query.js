// Reads and checks the query parameters of the API.
import { ApiProblem, invalidRequest } from './errors.js';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;

/** @typedef {import('koa').Context} Context */

/**
 * @param {Context} ctx
 * @param {string} name
 * @returns {string | undefined}
 */
export function single(ctx, name) {
  const value = ctx.query[name];
  if (Array.isArray(value)) throw invalidRequest(`Parameter ${name} is there more than once`);
  return value;
}

/** @param {Context} ctx */
export function limitOf(ctx) {
  const text = single(ctx, 'limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw invalidRequest(`Parameter limit must be a number from 1 to ${MAX_LIMIT}`);
  return limit;
}

/**
 * @template {string} T
 * @param {Context} ctx
 * @param {string} name
 * @param {readonly [T, ...T[]]} allowed the first is the default
 * @returns {T}
 */
export function oneOf(ctx, name, allowed) {
  const text = single(ctx, name);
  if (text === undefined) return allowed[0];
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw invalidRequest(`Parameter ${name} must be one of ${allowed.join(', ')}`);
  return found;
}

/**
 * @param {Context} ctx
 * @returns {{ from: string | undefined, to: string | undefined }}
 */
export function dateRange(ctx) {
  const from = date(ctx, 'date_from');
  const to = date(ctx, 'date_to');
  if (from !== undefined && to !== undefined && from > to) {
    throw new ApiProblem(400, 'invalid_date_range', 'Parameter date_from is after date_to');
  }
  return { from, to };
}

/** @param {Context} ctx @param {string} name */
function date(ctx, name) {
  const text = single(ctx, name);
  if (text === undefined) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  // `2025-02-30` parses nowhere or as another day: only a date that comes back unchanged is one.
  const real =
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (!real) throw invalidRequest(`Parameter ${name} must be a date, YYYY-MM-DD`);
  return text;
}
