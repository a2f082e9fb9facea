// Loaded into a mock before its own code: tells its parent about event loop and memory, once a second and when asked.
const { monitorEventLoopDelay } = require('node:perf_hooks');

/** How often the delay is looked at, in milliseconds; the histogram counts it in. */
const RESOLUTION = 10;

const total = monitorEventLoopDelay({ resolution: RESOLUTION });
total.enable();
const milliseconds = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);

function report() {
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({
    rss,
    heapUsed,
    delay: { p50: milliseconds(total.percentile(50)), p99: milliseconds(total.percentile(99)), max: milliseconds(total.max) },
  });
}

setInterval(report, 1_000).unref();
process.on('message', (message) => {
  // what came before the load, such as the start, does not count
  if (message === 'begin') total.reset();
  report();
});
// a parent that listens does not keep the mock alive
process.channel?.unref();
