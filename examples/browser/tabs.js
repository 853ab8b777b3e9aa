// Lets the tabs of this page know of each other.

const channel = new BroadcastChannel('oakford-demo');

/** Tells the other tabs that this one is here. */
export function announce() {
  channel.postMessage('here');
}

/** Calls `heard` when the next tab announces itself. */
export function onOtherTab(heard) {
  channel.addEventListener('message', () => heard(), { once: true });
}
