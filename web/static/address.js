// What stands behind # in the address: which batch is open, and once a key. No server is sent it.

import { keepKey } from "./api.js";

export const hash = () => new URLSearchParams(location.hash.slice(1));

export function takeKeyFromAddress() {
  const values = hash();
  if (!values.has("key")) return;
  keepKey(values.get("key") ?? "");
  values.delete("key");
  setHash(values);
}

/** @param {URLSearchParams} values */
export function setHash(values) {
  const text = values.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname);
}
