/** Where the application called: the stack that an error of the call gets. */

import { Result, type WithResponse } from './result.js';

/** Whether an error that is made when a call fails shows who awaits the call, as in V8. Then the call itself need not capture its stack. */
let showsAwaiters = false;

/** Finds out what this engine's stacks show. */
export async function probeStacks(): Promise<void> {
  // As an application awaits a call. Engines that show who awaits a promise need not show it for other objects with `then`.
  const stack = await new Result(async () => ({ data: await stackLater() }) as WithResponse<unknown>);
  // Two functions await: this one and the one above.
  showsAwaiters = / at async .* at async /s.test(String(stack));
}

/** The stack of the call that is being made; undefined where the error of a call shows it without. */
export function callSite(): Error | undefined {
  return showsAwaiters ? undefined : new Error();
}

async function stackLater(): Promise<string | undefined> {
  await undefined;
  return new Error().stack;
}
