// Zip, base64 and hashes off the main thread: PowerPoint restarts add-ins that stall it.

import { lossesBySlide } from "./losses";
import { fromBase64, inspect, joined, toBase64 } from "./package";

const WORK = {
  inspect: async (base64: string) => {
    const bytes = fromBase64(base64);
    return { ...(await inspect(bytes)), file: new Blob([bytes]) };
  },
  inspectFile: async (file: Blob) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { ...(await inspect(bytes)), base64: toBase64(bytes) };
  },
  losses: (slices: Uint8Array[]) => Promise.resolve(lossesBySlide(joined(slices))),
  encode: async (file: Blob) => toBase64(new Uint8Array(await file.arrayBuffer())),
};

export type Work = typeof WORK;
export interface Question {
  number: number;
  name: keyof Work;
  argument: unknown;
}
export type Answer = { number: number } & ({ value: unknown } | { error: string });

addEventListener("message", (event: MessageEvent<Question>) => {
  const { number, name, argument } = event.data;
  const work = WORK[name] as (argument: unknown) => Promise<unknown>;
  work(argument).then(
    (value) => postMessage({ number, value } satisfies Answer),
    (error: unknown) => postMessage({ number, error: String(error) } satisfies Answer),
  );
});
