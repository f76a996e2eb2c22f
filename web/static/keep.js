// Files that are on their way, kept in this browser so that a reload needs nobody to choose them again.

const NAME = "crispdeck";
const STORE = "files";
const KEPT_MS = 24 * 3600 * 1000;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/**
 * @template Result
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} work
 * @returns {Promise<Result>}
 */
async function act(mode, work) {
  const db = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = db.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    db.close();
  }
}

/**
 * Keep a file under its upload's id. Without room, or in a private window, it is just not kept.
 * @param {string} id
 * @param {File | null} file
 */
export async function keepFile(id, file) {
  try {
    await act("readwrite", (store) => store.put({ id, file, at: Date.now() }));
  } catch {
    // The upload itself needs no copy.
  }
}

/** @typedef {{id: string, batch: string, name: string, folder: string, size: number, file: File | null}} Drop */

/**
 * Keep a file that nobody has begun to send; where there is no room for it, its name alone.
 * @param {Drop} drop
 * @returns {Promise<boolean>} whether the file itself is kept
 */
export async function keepDrop(drop) {
  const at = Date.now();
  try {
    await act("readwrite", (store) => store.put({ ...drop, at }));
    return true;
  } catch {
    try {
      await act("readwrite", (store) => store.put({ ...drop, file: null, at }));
    } catch {
      // Whoever leaves the page is asked first.
    }
    return false;
  }
}

/**
 * Give what was dropped into a batch and never begun, in the order in which it was dropped.
 * @param {string} batch
 * @returns {Promise<Drop[]>}
 */
export async function keptDrops(batch) {
  try {
    /** @type {(Drop & {at: number})[]} */
    const all = await act("readonly", (store) => store.getAll());
    return all.filter((drop) => drop.batch === batch).sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}

/**
 * @param {string} id
 * @returns {Promise<File | null>}
 */
export async function keptFile(id) {
  try {
    return (await act("readonly", (store) => store.get(id)))?.file || null;
  } catch {
    return null;
  }
}

/** @param {string} id */
export async function dropFile(id) {
  try {
    await act("readwrite", (store) => store.delete(id));
  } catch {
    // Old ones are dropped at the next visit.
  }
}

export async function dropOldFiles() {
  try {
    const all = await act("readonly", (store) => store.getAll());
    for (const { id, at } of all) if (Date.now() - at > KEPT_MS) await dropFile(id);
  } catch {
    // Nothing is kept here.
  }
}
