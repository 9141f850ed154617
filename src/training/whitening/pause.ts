/**
 * Awaited now and then within a long computation: the place to report how far it is (0 … 1, never less than before), to
 * give the event loop a turn, and, by throwing, to end it.
 */
export type Pause = (share: number) => Promise<void>
