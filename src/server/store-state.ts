/** Whether the store can be asked anything now, as this node last found. */
export class StoreState {
  #away = false
  #listeners = new Set<(away: boolean) => void>()

  get away(): boolean {
    return this.#away
  }

  set(away: boolean): void {
    if (away === this.#away) return
    this.#away = away
    for (const tell of this.#listeners) tell(away)
  }

  /** Is told each time that it changes. */
  onChange(tell: (away: boolean) => void): void {
    this.#listeners.add(tell)
  }
}
