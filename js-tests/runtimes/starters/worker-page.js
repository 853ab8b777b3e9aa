// A page that starts a web worker; its address says where to report.
new Worker(`standalone.mjs${location.search}`, { type: 'module' });
