new Worker(`standalone.mjs${location.search}`, { type: 'module' });
