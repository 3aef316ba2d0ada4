const longMs = 12;

/** Lets the page draw and answer before long work goes on; without the wait that browsers put before timers, and behind all that waits already. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Lets the page breathe as often as work that comes in small pieces asks for it, but not more often than it needs. */
export function breathing(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longMs) return;
    await breathe();
    since = performance.now();
  };
}

/** Waits until what was changed is to be seen; not long where nothing is drawn, because the page is behind others. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      void breathe().then(resolve);
    });
  });
}
