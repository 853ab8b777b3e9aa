/** Shifts the clock of a process that is started with `--import`, and of its children: it starts at SHIFTED_DATE and runs. */
const Machine = Date;
const shift = Machine.parse(process.env.SHIFTED_DATE) - Machine.now();
const now = () => Machine.now() + shift;

// The prototype stays the same, so that dates of either kind are instances of both.
globalThis.Date = new Proxy(Machine, {
  apply: () => new Machine(now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
