/** PowerPoint and pane in two frames: the same talk over a message port. */

import type { Host, HostEvent } from "./protocol";

interface Question {
  id: number;
  name: "boot" | "batch" | "common";
  args: unknown[];
}

/** The pane's end. */
export function overPort(port: MessagePort): Host {
  const waiting = new Map<number, (value: never) => void>();
  const listeners: ((event: HostEvent) => void)[] = [];
  let next = 1;
  port.onmessage = ({ data }: MessageEvent<{ id: number; value: never } | { event: HostEvent }>) => {
    if ("event" in data) {
      for (const listener of listeners) listener(data.event);
      return;
    }
    waiting.get(data.id)?.(data.value);
    waiting.delete(data.id);
  };
  const ask = <T>(name: Question["name"], args: unknown[]): Promise<T> =>
    new Promise<T>((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      port.postMessage({ id, name, args } satisfies Question);
    });
  return {
    boot: () => ask("boot", []),
    batch: (actions) => ask("batch", [actions]),
    common: (name, args) => ask("common", [name, args]),
    onEvent: (listener) => listeners.push(listener),
  };
}

/** PowerPoint's end. */
export function serve(port: MessagePort, host: Host): void {
  port.onmessage = ({ data }: MessageEvent<Question>) => {
    const answer = host[data.name] as (...args: unknown[]) => Promise<unknown>;
    void answer.apply(host, data.args).then((value) => {
      port.postMessage({ id: data.id, value });
    });
  };
  host.onEvent((event) => {
    port.postMessage({ event });
  });
}
