import type { Arrangement } from "./view";

/** An avatar's file, and where it came from. */
export interface Garment {
  name: string;
  bytes: ArrayBuffer;
  /** Address it was loaded from, or key under which the browser keeps a file that was dropped. */
  url: string | null;
  key: string | null;
}

/** What is remembered of a dancer. */
export type Remembered = Required<Omit<Arrangement, "loops">> & {
  url: string | null;
  key: string | null;
};

const STORED = "transflower.stage";
const DATABASE = "transflower-stage";
const STORE = "avatars";

/** Fetches or reads an avatar. Throws an Error people can read. */
export async function fetchGarment(source: File | string): Promise<Garment> {
  if (source instanceof File) {
    const bytes = await source.arrayBuffer();
    return { name: source.name, bytes, url: null, key: await keep(source.name, bytes) };
  }
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`The avatar ${source} cannot be had (${answer.status})`);
  return { name: source.replace(/^.*\//, ""), bytes: await answer.arrayBuffer(), url: source, key: null };
}

/** Gets an avatar again that was remembered; null when the browser no longer has it. */
export async function recallGarment({ url, key }: Pick<Remembered, "url" | "key">): Promise<Garment | null> {
  if (url !== null) return fetchGarment(url);
  if (key === null) return null;
  const found = await inStore<{ name: string; bytes: ArrayBuffer } | undefined>("readonly", (store) => store.get(key));
  return found ? { ...found, url: null, key } : null;
}

/** Remembers the dancers, and lets go of files that none of them wears. */
export function remember(dancers: Remembered[]): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(dancers));
  } catch {
    return; // a browser that remembers nothing can still dance
  }
  const worn = new Set(dancers.map(({ key }) => key));
  void inStore<IDBValidKey[]>("readonly", (store) => store.getAllKeys())
    .then((keys) => keys.filter((key) => !worn.has(String(key))))
    .then((keys) => Promise.all(keys.map((key) => inStore("readwrite", (store) => store.delete(key)))))
    .catch(() => undefined);
}

/** The dancers that were remembered; none when there are none, or what is stored makes no sense. */
export function recall(): Remembered[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRemembered) : [];
  } catch {
    return [];
  }
}

function isRemembered(entry: unknown): entry is Remembered {
  const { mirrored, delayMs, x, z, turnDegrees, url, key } = entry as Remembered;
  const isText = (value: unknown): boolean => value === null || typeof value === "string";
  return (
    typeof mirrored === "boolean" && [delayMs, x, z, turnDegrees].every(Number.isFinite) && isText(url) && isText(key)
  );
}

async function keep(name: string, bytes: ArrayBuffer): Promise<string | null> {
  const key = `${name} ${Date.now()} ${Math.random()}`;
  try {
    await inStore("readwrite", (store) => store.put({ name, bytes }, key));
    return key;
  } catch {
    return null; // no room, or a private window: it will be gone after the next reload
  }
}

function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result as T);
      };
      transaction.onabort = () => {
        database.close();
        reject(transaction.error);
      };
    };
  });
}
