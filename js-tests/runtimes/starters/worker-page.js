// A page that starts a web worker, which is told where to report.
new Worker(`standalone.mjs${location.search}`, { type: 'module' });
