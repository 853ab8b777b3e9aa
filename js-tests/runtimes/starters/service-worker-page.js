// A page that registers a service worker; its address says where to report.
navigator.serviceWorker.register(`service-worker.js${location.search}`);
