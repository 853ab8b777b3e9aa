new Worker(`worker.js${location.search}`);
