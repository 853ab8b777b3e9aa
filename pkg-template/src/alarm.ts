/** The engine's alarm, by timers of the platform. */

import { clock, warn } from './guard.js';
import { timersEndWithRequests } from './platform.js';

type SetTimeout = typeof setTimeout;

/** A timer that has not ended. */
interface Pending {
  /** The instant of the engine's clock that it was set for. */
  readonly at: number;
  readonly armedAt: number;
  readonly delay: number;
  /** The platform's functions when it was set. */
  readonly by: readonly unknown[];
  readonly timer: ReturnType<SetTimeout>;
}

/** A timer that is so late, in milliseconds, was lost. */
const LOST_AFTER = 1_000;

/**
 * Rings for the earliest instant that was asked for. A timer for another instant is left to ring while any is needed, because a ring too
 * early does no harm. A timer that a test replaced together with the platform's functions is never cleared by the functions of the next.
 */
export class Alarm {
  readonly #ring: (at: number) => void;
  #pending: Pending[] = [];

  constructor(ring: (at: number) => void) {
    this.#ring = ring;
  }

  /** Rings after `delay` milliseconds, when the engine's clock is `at`. A negative `delay` asks for no ring. */
  arm(at: number, delay: number, holdsProcess: boolean): void {
    this.#pending = this.#pending.filter(isSet);
    try {
      if (timersEndWithRequests()) setTimeout(() => this.#ring(at), delay);
      else if (delay < 0) this.close();
      else if (!this.#pending.some((pending) => pending.at <= at)) this.#set(at, delay);
      for (const { timer } of this.#pending as { timer: { ref?(): void; unref?(): void } }[]) {
        if (holdsProcess) timer.ref?.();
        else timer.unref?.();
      }
    } catch (error) {
      warn('The platform', error);
    }
  }

  /** Rings no more. */
  close(): void {
    for (const { timer } of this.#pending) clearTimeout(timer);
    this.#pending = [];
  }

  #set(at: number, delay: number): void {
    const { setTimeout } = globalThis;
    const timer = setTimeout(() => {
      this.#pending = this.#pending.filter((other) => other !== pending);
      this.#ring(at);
    }, delay);
    const pending: Pending = { at, armedAt: clock(), delay, by: functions(), timer };
    this.#pending.push(pending);
  }
}

/** Whether a timer is still going to end: those of a test that replaced the platform's timers or clock may not. */
function isSet({ armedAt, delay, by }: Pending): boolean {
  const passed = clock() - armedAt;
  const isSame = functions().every((each, index) => each === by[index]);
  return isSame && passed >= 0 && passed <= delay + LOST_AFTER;
}

/** What tests replace when they replace time. */
function functions(): readonly unknown[] {
  return [globalThis.setTimeout, globalThis.Date, globalThis.performance?.now];
}
