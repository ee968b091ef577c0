/** The address of a database without its password. */
export function shownUrl(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@:]*):[^@]*@/, '$1@').replace(/\?.*$/, '')
}
