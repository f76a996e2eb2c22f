// What the pane keeps on this computer: nothing is written into the document.
// Other add-ins of the same origin share the storage, so all names begin with ours.

const PREFIX = "crispdeck.addin.";

export function stored(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return null; // no storage in this browser, or somebody else's text
  }
}

export function store(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows may refuse: what was kept then lasts as long as the pane.
  }
}
