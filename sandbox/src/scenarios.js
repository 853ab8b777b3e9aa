// Loads scenarios into a running sandbox: who is there, what is on the accounts, what goes wrong.
import { BUILT_IN, readScenario } from './scenario-file.js';

/** @typedef {import('../types/testing.d.ts').Scenario} Scenario */
/** @typedef {import('../types/testing.d.ts').Scenarios} Loader */

/**
 * @typedef {object} Stage what a scenario sets
 * @property {import('./data/bank-data.js').BankData} data
 * @property {import('./clock.js').Clock} clock
 * @property {import('./faults.js').FaultScript} faults
 * @property {import('./oauth/consents.js').ConsentRegister} consents
 * @property {import('./rate-limit.js').RateLimiter} limiter
 */
/** @typedef {{ consentDays: number, rateLimit: false | readonly import('./rate-limit.js').RateLimitWindow[] }} Base how the sandbox was started */

/** @implements {Loader} */
export class Scenarios {
  /** @type {import('../types/testing.d.ts').NamedScenario & Scenario} */
  #current = { name: 'standard', description: '' };
  /** @type {{ what: string | Scenario, name: string, description: string } | undefined} the last one that is not built in */
  #own;
  #stage;
  #base;
  #firstDay;

  /**
   * @param {Stage} stage
   * @param {Base} base
   */
  constructor(stage, base) {
    this.#stage = stage;
    this.#base = base;
    this.#firstDay = stage.clock.today();
  }

  get current() {
    const { name, description } = this.#current;
    return { name, description };
  }

  /** Whether the banks ask for a one-time code. */
  get oneTimeCode() {
    return this.#current.oneTimeCode === true;
  }

  list() {
    if (this.#own === undefined) return BUILT_IN;
    const { name, description } = this.#own;
    return [...BUILT_IN, { name, description }];
  }

  /** @param {string | Scenario} what */
  load(what) {
    const source = what === this.#own?.name ? this.#own.what : what;
    const { name, scenario } = readScenario(source);
    const description = scenario.description ?? '';
    const { clock, data, faults, consents, limiter } = this.#stage;
    if (scenario.now !== undefined) clock.set(scenario.now);
    else if (this.#current.now !== undefined) clock.reset();
    // The other accounts' balances are anchored to one day, so that going from scenario to scenario changes none of their rows.
    data.use(scenario, scenario.now === undefined ? this.#firstDay : clock.today());
    faults.clear();
    for (const fault of scenario.faults ?? []) faults.add(fault);
    consents.use(scenario.consentDays ?? this.#base.consentDays);
    limiter.use((scenario.rateLimit ?? this.#base.rateLimit) || []);
    this.#current = { ...scenario, name, description };
    if (!BUILT_IN.some((known) => known.name === name)) this.#own = { what: source, name, description };
    return this.current;
  }
}
