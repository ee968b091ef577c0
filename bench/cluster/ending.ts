const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Of a process that is told to end while others work for it: those end first. */
export class Ending {
  #stop: () => Promise<void>
  #over: Promise<void> | undefined

  constructor(stop: () => Promise<void>) {
    this.#stop = stop
    for (const signal of SIGNALS) process.on(signal, this.#end)
  }

  /** Once the process was told to end, it never resolves: it ends. */
  get over(): Promise<void> | undefined {
    return this.#over
  }

  forget(): void {
    for (const signal of SIGNALS) process.removeListener(signal, this.#end)
  }

  readonly #end = (signal: NodeJS.Signals): void => {
    this.#over ??= this.#stop().then(() => {
      this.forget()
      process.kill(process.pid, signal)
      return new Promise(() => undefined)
    })
  }
}
