/** What `tchat keys` says. */
export const keyLogWords = {
  begin:
    "Press keys: each line says what the terminal sends, how tchat calls it, and what it does. 'q', or Ctrl-C twice, ends.",
  nothing: 'nothing',
  unknown: 'a key that tchat does not know',
  writes: 'writes itself',
  paste: (characters: number) => `a paste of ${characters} characters`,
  focus: (focused: boolean) => (focused ? 'the window got the focus' : 'the window lost the focus'),
  mouse: 'the mouse',
  reply: 'an answer of the terminal',
  prefix: 'waits for the next key',
}
