// What stands behind # in the address: which batch is open, and once a key. No server is sent it.

import { keepKey } from "./api.js";

export const hash = () => new URLSearchParams(location.hash.slice(1));

export function takeKeyFromAddress() {
  const values = hash();
  if (!values.has("key")) return;
  keepKey(values.get("key") ?? "");
  values.delete("key");
  setHash(values, false);
}

/**
 * @param {URLSearchParams} values
 * @param {boolean} isStep Back leads to what was shown before
 */
export function setHash(values, isStep = true) {
  const text = values.toString();
  if (text === location.hash.slice(1)) return;
  const address = text ? `#${text}` : location.pathname;
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
