// Splits the wasm into what is loaded at the start and parts that are loaded when they are needed first (`src/engine/lazy_module.rs`). All work on one memory:
// a part imports what it uses of the first one, and puts its functions into the first one's table, where the calls of them look.
import binaryen from 'binaryen';
import { renameImports } from './glue.mjs';
import { ONE_CALLER_INLINE_MAX } from './wasm.mjs';

// What is loaded later, and the modules of the engine that stand in it (`src/engine/lazy_module.rs`). Each has a type `LazyModule`, whose
// methods are the only way in; its function `load` stands in what is loaded first.
export const LAZY = {
  fapi: ['engine::auth::fapi'],
  openid: ['engine::auth::openid', 'engine::auth::userinfo'],
  psu: ['engine::api::psu'],
  sync: ['engine::api::sync'],
};
const ENTRY = /^\$"<oakford_aisp\[\w+\]::([\w:]+)::LazyModule>::/;
// A function of a module, or what drops a future of one.
const OWN = /^\$"(?:core\[\w+\]::ptr::drop_in_place::)?<*oakford_aisp\[\w+\]::([\w:]+)/;
const NAME = /\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+)/g;
const HEADER = /^ \(func (\$(?:"(?:[^"\\]|\\.)*"|[^\s()]+))((?: \((?:type|param|result)[^()]*\))*)/;

/**
 * What is loaded first (`first`) and the parts, by name: `{ bytes, named }` each, without and with the names of functions.
 * `bytes`: wasm with names, and no function merged with another; `imports`: new names for what it imports.
 */
export function split(bytes, imports) {
  const whole = binaryen.readBinary(bytes);
  const module = read(renameImports(whole.emitText(), imports));
  const owners = ownersOf(module);
  const exported = new Map([['$0', 'parts']]);
  const shared = { owners, exported, slots: slotsOf(module, owners) };
  const parts = [...new Set(owners.values())].sort().map((part) => [part, partOf(module, part, shared)]);
  // Last: what the parts import it exports.
  const all = [...parts, ['first', firstOf(module, shared)]];
  return Object.fromEntries(all.map(([name, items]) => [name, assemble(items, whole.getFeatures())]));
}

/** The whole in one module, with those names for what it imports. */
export function renamed(bytes, imports) {
  const whole = binaryen.readBinary(bytes);
  const module = parse(itemsOf(renameImports(whole.emitText(), imports)), whole.getFeatures());
  binaryen.setDebugInfo(false);
  return module.emitBinary();
}

/** What stands in a module, item by item. */
function itemsOf(module) {
  const items = module.split(/\n(?= \()/).slice(1);
  items.push(items.pop().replace(/\n\)\s*$/, ''));
  return items;
}

/** A module's text as its items, and what is to be known of its functions. */
function read(text) {
  const items = itemsOf(text);
  const functions = new Map();
  for (const item of items) {
    const imported = /^ \(import "[^"]*" "[^"]*" \((func .*)\)$/.exec(item);
    const [header, name, signature] = HEADER.exec(imported ? ` (${imported[1]}` : item) ?? [];
    if (!header) continue;
    const refersTo = (verbs) => {
      const found = item.matchAll(new RegExp(`\\((?:${verbs}) (${NAME.source})`, 'g'));
      return new Set(Array.from(found, (match) => match[1]));
    };
    functions.set(name, {
      item,
      signature,
      defined: !imported,
      calls: imported ? new Set() : refersTo('call|ref\\.func|return_call'),
      globals: refersTo('global\\.get|global\\.set'),
    });
  }
  const kind = (name) => items.filter((item) => item.startsWith(` (${name} `));
  const [elements, ...more] = kind('elem');
  if (more.length > 0 || !/^ \(elem \S+ \(table \$0\) \(i32\.const 1\) func /.test(elements))
    throw new Error('The wasm has its table filled in another way than scripts/split.mjs expects.');
  return { items, functions, kind, table: elements.match(NAME).slice(2) };
}

/** The part that each function belongs to. What several parts need, or the rest does, has no owner. */
function ownersOf({ functions, kind, table }) {
  const modules = Object.entries(LAZY).flatMap(([part, paths]) => paths.map((path) => [path, part]));
  const partAt = (name) => {
    const path = OWN.exec(name)?.[1] ?? '';
    const [own, part] = modules.find(([own]) => path === own || path.startsWith(`${own}::`)) ?? [];
    return path === `${own}::load` || path.startsWith(`${own}::load::`) ? undefined : part;
  };
  const lazy = new Set([...functions.keys()].flatMap((name) => ENTRY.exec(name)?.[1] ?? []));
  const unknown = [...lazy].filter((path) => !modules.some(([own]) => own === path));
  const missing = modules.filter(([path]) => !lazy.has(path)).map(([path]) => path);
  if (unknown.length > 0 || missing.length > 0)
    throw new Error(
      `The lazy modules are not those of LAZY in scripts/split.mjs: not listed ${unknown}, not found ${missing}.`,
    );
  const parts = Object.keys(LAZY);
  const entries = new Map();
  for (const [name, { defined }] of functions) {
    const part = defined && partAt(name);
    if (part) entries.set(name, part);
  }
  const reach = (roots, isShut) => {
    const seen = new Set();
    const open = [...roots];
    while (open.length > 0) {
      const name = open.pop();
      if (seen.has(name) || isShut(name)) continue;
      seen.add(name);
      open.push(...functions.get(name).calls);
    }
    return seen;
  };
  const exported = kind('export').flatMap((item) => /\(func (\S.*)\)\)$/.exec(item)?.[1] ?? []);
  const rest = reach(
    [...exported, ...table].filter((name) => !entries.has(name)),
    (name) => entries.has(name),
  );
  const owners = new Map();
  for (const part of parts) {
    const own = [...entries.keys()].filter((name) => entries.get(name) === part);
    for (const name of reach(own, (name) => rest.has(name) || (entries.get(name) ?? part) !== part)) {
      if (functions.get(name).defined) owners.set(name, owners.has(name) ? undefined : part);
    }
  }
  return new Map([...owners].filter(([, part]) => part));
}

/** The places in the table of each function that is called from outside its part: a method's future has one already, others get one at the end. */
function slotsOf({ functions, table }, owners) {
  const slots = new Map();
  const add = (name, slot) => slots.set(name, [...(slots.get(name) ?? []), slot]);
  table.forEach((name, index) => {
    if (owners.has(name)) add(name, index + 1);
  });
  let size = table.length + 1;
  for (const [caller, { calls }] of functions) {
    for (const name of calls) {
      const outside = owners.has(name) && owners.get(name) !== owners.get(caller);
      if (outside && !slots.has(name)) add(name, size++);
    }
  }
  return slots;
}

/** What is loaded first: in place of a part's functions, calls of what the table will hold; exported, whatever parts use. */
function firstOf({ items, functions, kind, table }, { owners, exported, slots }) {
  const size = Math.max(table.length + 1, ...[...slots.values()].flat().map((slot) => slot + 1));
  const text = items.flatMap((item) => {
    if (item.startsWith(' (elem '))
      return segments(table.map((name) => (owners.has(name) ? undefined : name)));
    if (item.startsWith(' (table $0 ')) return ` (table $0 ${size} ${size} funcref)`;
    const name = HEADER.exec(item)?.[1];
    if (!owners.has(name)) return item;
    return slots.has(name) ? stub(name, functions.get(name).signature, slots.get(name)[0]) : [];
  });
  const exports = Array.from(exported, ([name, as]) => {
    const type = name === '$0' ? 'table' : functions.has(name) ? 'func' : 'global';
    return ` (export "${as}" (${type} ${name}))`;
  });
  // Behind what is exported already, as text puts imports first.
  return [...text.filter((item) => !/^ \(export /.test(item)), ...kind('export'), ...exports];
}

/** A function that calls what stands in the table. */
function stub(name, signature, slot) {
  const parameters = [...signature.matchAll(/\(param (\$\w+) /g)].map((match) => `(local.get ${match[1]})`);
  const type = signature.replace(/\(param \$\w+ /g, '(param ');
  return ` (func ${name}${signature} (call_indirect $0${type} ${parameters.join(' ')} (i32.const ${slot})))`;
}

/** A part: its functions, what it imports of the first wasm, and where in the table its functions go. */
function partOf({ functions, kind }, part, { owners, exported, slots }) {
  const own = [...owners.keys()].filter((name) => owners.get(name) === part);
  const share = (name) => {
    if (!exported.has(name)) exported.set(name, exported.size.toString(36));
    return exported.get(name);
  };
  const imports = (name, type) => ` (import "first" "${share(name)}" ${type})`;
  const used = (what) => [...new Set(own.flatMap((name) => [...functions.get(name)[what]]))];
  const called = used('calls').filter((name) => owners.get(name) !== part);
  const globals = used('globals').map((name) => {
    const [, type] = /^ \(global \S+ (\(mut \w+\)|\w+)/.exec(
      kind('global').find((item) => item.startsWith(` (global ${name} `)),
    );
    return imports(name, `(global ${name} ${type})`);
  });
  const placed = [];
  for (const name of own) for (const slot of slots.get(name) ?? []) placed[slot - 1] = name;
  return [
    ...kind('type'),
    ' (import "first" "memory" (memory $0 1))',
    imports('$0', '(table $0 1 funcref)'),
    ' (import "first" "__wbindgen_externrefs" (table $__wbindgen_externrefs 1 externref))',
    ...globals,
    ...called.map((name) => imports(name, `(func ${name}${functions.get(name).signature})`)),
    ...segments([...placed]),
    ...own.map((name) => functions.get(name).item),
  ];
}

/** The places of the table that are taken, as runs. */
function segments(table) {
  const runs = [];
  table.forEach((name, index) => {
    if (!name) return;
    if (table[index - 1]) runs.at(-1).push(name);
    else runs.push([index + 1, name]);
  });
  return runs.map(([slot, ...names]) => ` (elem (table $0) (i32.const ${slot}) func ${names.join(' ')})`);
}

/** Optimised for size, as `wasm-opt` has done with the whole, and ordered so that it compresses well. */
function assemble(items, features) {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setOneCallerInlineMaxSize(ONE_CALLER_INLINE_MAX);
  const optimised = parse(items, features);
  optimised.optimize();
  // What is promised of addresses differs between equal instructions, and engines make no use of it.
  optimised.runPasses(['dealign']);
  const module = parse(alikeTogether(itemsOf(optimised.emitText())), features);
  const emit = (withNames) => {
    binaryen.setDebugInfo(withNames);
    return module.emitBinary();
  };
  return { bytes: emit(false), named: emit(true) };
}

/** Functions of one signature together, and among them those that begin alike. */
function alikeTogether(items) {
  const likeness = (item) => item.replace(NAME, '$').replace(/-?\b\d+/g, '0');
  const isFunction = (item) => item.startsWith(' (func ');
  const functions = items.filter(isFunction).map((item) => ({ item, likeness: likeness(item) }));
  functions.sort((a, b) => (a.likeness < b.likeness ? -1 : Number(a.likeness > b.likeness)));
  return [...items.filter((item) => !isFunction(item)), ...functions.map(({ item }) => item)];
}

function parse(items, features) {
  const module = binaryen.parseText(`(module\n${items.join('\n')}\n)`);
  module.setFeatures(features);
  if (!module.validate()) throw new Error('The wasm can not be split.');
  return module;
}
