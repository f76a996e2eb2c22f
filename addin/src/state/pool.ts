// A few pieces of work at a time.

/** Work on a few at a time, in order, until all are done or somebody stops it. */
export async function inPool<T>(
  all: T[],
  atOnce: number,
  signal: AbortSignal,
  work: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const hand = async () => {
    while (next < all.length && !signal.aborted) {
      const one = all[next++];
      if (one !== undefined) await work(one);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
}
