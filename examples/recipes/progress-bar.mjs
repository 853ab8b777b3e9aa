// A progress bar for a terminal; in a log file it prints nothing. It also says how long the rate limit holds the work up.

const WIDTH = 30;

/** Returns `show` for the part that is done, `onEvent` for the client, and `end`, which leaves the line to others. */
export function progressBar(stream = process.stderr) {
  let done = 0;
  const draw = (words = '') => {
    if (!stream.isTTY) return;
    const full = Math.round(done * WIDTH);
    const bar = `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}]`;
    stream.write(`\r\x1b[2K${bar} ${Math.floor(done * 100)} % ${words}`);
  };
  return {
    show(part) {
      done = part;
      draw();
    },
    onEvent({ type, until, waitMs }) {
      if (type === 'wait' && until) draw(`rate limit, next call at ${until}`);
      if (type === 'retry') draw(`next attempt in ${Math.ceil(waitMs / 1000)} s`);
    },
    end() {
      if (stream.isTTY) stream.write('\n');
    },
  };
}
