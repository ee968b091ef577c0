// Loaded into a program before its own code (`--import`): a fault that nobody catches, as it would
// come from a mistake anywhere in it. SIGUSR2 throws from a timer, SIGPIPE leaves a promise rejected.
process.on('SIGUSR2', () =>
  setImmediate(() => {
    throw new Error('provoked by the test')
  }),
)
process.on('SIGPIPE', () => void Promise.reject(new Error('provoked by the test')))
