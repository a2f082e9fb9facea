/** Draws ids until one is free: one that is taken, as by an imported state, is passed over. */
export function unusedId(draw: () => string, isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = draw();
    if (!isTaken(id)) return id;
  }
}
