/**
 * The terminal as Ink hears of its size: when it is told, not when it changes. By itself Ink draws at
 * once, and what it has then was made for the old size: in a narrower window its rows wrap, and what
 * they push aside is not drawn again.
 */
export function holdResize(
  stdout: NodeJS.WriteStream,
): Readonly<{ stdout: NodeJS.WriteStream; tell: () => void }> {
  const listeners = new Set<() => void>()
  const on = (event: string, listener: () => void): NodeJS.WriteStream => {
    if (event === 'resize') listeners.add(listener)
    else stdout.on(event, listener)
    return held
  }
  const off = (event: string, listener: () => void): NodeJS.WriteStream => {
    if (event === 'resize') listeners.delete(listener)
    else stdout.off(event, listener)
    return held
  }
  const held = new Proxy(stdout, {
    get: (target, name) => {
      if (name === 'on') return on
      if (name === 'off') return off
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    stdout: held,
    tell: () => {
      for (const listener of listeners) listener()
    },
  }
}
