navigator.serviceWorker.register(`service-worker.js${location.search}`);
