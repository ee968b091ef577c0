/** What is said of the configuration and of how everything looks. */
export const configurationWords = {
  wrong: (fault: string) => `${fault}. The default holds there; 'tchat doctor' says more.`,
  wrongMore: (fault: string, more: number) =>
    `${fault} (and ${more} more). The defaults hold there; 'tchat doctor' says more.`,
  theme: (name: string) => `The theme is ${name} now; 'tchat config' says where to keep it.`,
  noTheme: (name: string, known: string, near: string | undefined) => {
    const hint = near === undefined ? '' : ` (did you mean '${near}'?)`
    return `There is no theme ${name}; there are ${known}${hint}.`
  },
  servers: 'Servers',
}
