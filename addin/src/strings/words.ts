// Words that every part of the pane says alike.

/** "1 picture", "3 pictures". */
export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;
