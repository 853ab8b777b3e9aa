// A page that registers a service worker, which is told where to report.
navigator.serviceWorker.register(`service-worker.js${location.search}`);
