// Zip, base64 and hashes off the main thread: PowerPoint restarts add-ins that stall it.

import { lossesBySlide } from "./losses";
import { fromBase64, inspect, joined, rewritten, type Sending, slim, toBase64 } from "./package";

export interface ToSlim {
  base64: string;
  sending: Sending;
}

export interface ToRewrite extends ToSlim {
  answer: Blob;
}

const WORK = {
  inspect: (base64: string) => inspect(fromBase64(base64)),
  slim: async ({ base64, sending }: ToSlim) =>
    new Blob([(await slim(fromBase64(base64), sending)) as Uint8Array<ArrayBuffer>]),
  rewritten: async ({ base64, answer, sending }: ToRewrite) =>
    rewritten(fromBase64(base64), new Uint8Array(await answer.arrayBuffer()), sending),
  losses: (slices: Uint8Array[]) => Promise.resolve(lossesBySlide(joined(slices))),
  encode: async (file: Blob) => toBase64(new Uint8Array(await file.arrayBuffer())),
};

export type Work = typeof WORK;
export interface Question {
  number: number;
  name: keyof Work;
  argument: unknown;
}
export type Answer = { number: number } & ({ value: unknown } | { error: string; errorName: string });

addEventListener("message", (event: MessageEvent<Question>) => {
  const { number, name, argument } = event.data;
  const work = WORK[name] as (argument: unknown) => Promise<unknown>;
  work(argument).then(
    (value) => postMessage({ number, value } satisfies Answer),
    (error: unknown) => {
      const errorName = error instanceof Error ? error.name : "";
      postMessage({ number, error: String(error), errorName } satisfies Answer);
    },
  );
});
