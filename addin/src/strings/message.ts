// A sentence that is not yet worded: what `state/` hands to `views/`.

import type { en } from "./en";

export type Key = keyof typeof en;

/** What a sentence names; `count` decides between its plural forms. */
export type Values = Readonly<Record<string, Value>>;
export type Value = string | number | Date | Message | readonly Message[];

export interface Message {
  readonly key: Key;
  readonly values: Values;
}

export function message(key: Key, values: Values = {}): Message {
  return { key, values };
}
