// What the start page shows.
import { visitorOf } from '#lib/server/visitor.js';

export function load({ cookies }) {
  return { isConnected: visitorOf(cookies).key !== undefined };
}
