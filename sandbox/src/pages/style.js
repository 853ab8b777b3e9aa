// The one stylesheet of all pages.

export const STYLESHEET = `
:root { color-scheme: light dark; --ink: #14213d; --soft: #4a5672; --line: #c9d1e0; --paper: #fff; --ground: #eef2f8;
  --brand: #123c8c; --brand-ink: #fff; --bad: #a1122b; --bad-ground: #fdecef; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9eefb; --soft: #b3bfd8; --line: #3c4965; --paper: #18223a;
  --ground: #0e1526; --brand: #9db8ff; --brand-ink: #0b1633; --bad: #ffb3c0; --bad-ground: #4a1220; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.top { display: flex; justify-content: space-between; align-items: center; padding: .75rem 1.25rem;
  background: var(--paper); border-bottom: 1px solid var(--line); }
.top p { margin: 0; }
.brand { font-weight: 700; color: var(--brand); }
.badge { font-size: .8rem; padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 1rem; color: var(--soft); }
main { width: min(34rem, 100% - 2rem); margin: 2rem auto; padding: 1.75rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: .25rem 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 1.25rem 0 .5rem; font-size: 1rem; }
.progress { margin: 0; color: var(--soft); font-size: .875rem; }
.choices { border: 0; margin: 1rem 0; padding: 0; display: grid; gap: .5rem; }
.choice { display: flex; gap: .75rem; align-items: center; padding: .7rem .9rem; border: 1px solid var(--line);
  border-radius: .5rem; cursor: pointer; }
.choice:hover, .choice:has(:checked) { border-color: var(--brand); }
.choice input { width: 1.15rem; height: 1.15rem; flex: none; accent-color: var(--brand); }
.name { display: block; font-weight: 600; }
.detail { color: var(--soft); font-size: .875rem; }
.field { display: block; margin: 1rem 0; font-weight: 600; }
.field input { display: block; width: 100%; margin-top: .25rem; padding: .6rem .7rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--soft); border-radius: .4rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button { padding: .65rem 1.4rem; font: inherit; font-weight: 600; border: 1px solid var(--brand); border-radius: .4rem;
  background: var(--brand); color: var(--brand-ink); cursor: pointer; }
button.quiet { background: transparent; color: var(--brand); }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.alert { padding: .7rem .9rem; border-radius: .4rem; color: var(--bad); background: var(--bad-ground); }
.hint { margin-top: 1.75rem; padding-top: .25rem; border-top: 1px dashed var(--line); font-size: .875rem; }
.hint table { width: 100%; border-collapse: collapse; }
.hint th, .hint td { padding: .2rem .5rem .2rem 0; text-align: left; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.plain { padding-left: 1.2rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
footer { margin-top: auto; padding: 1rem; text-align: center; color: var(--soft); font-size: .875rem; }
`;
