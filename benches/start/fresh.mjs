// Run in a fresh process: prints the milliseconds from import to the first authorization URL, by the clock and of processor time.

const { prepare } = await import(`./${process.argv[2]}.mjs`);
const started = performance.now();
const before = process.cpuUsage();
const url = await (await prepare())();
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const { searchParams } = new URL(url);
for (const name of ['state', 'nonce', 'code_challenge']) {
  if (!/^[\w-]{43}$/.test(searchParams.get(name))) throw new Error(`${process.argv[2]} gave no ${name}.`);
}
console.log(JSON.stringify({ milliseconds, processor: (user + system) / 1000 }));
