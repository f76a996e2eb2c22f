/** `PowerPoint.run`: a queue of actions that goes to PowerPoint at each `sync`. */

import type { Action, Host } from "../protocol";
import { ApiError } from "./errors";
import { ClientObject, make, type Recorder } from "./objects";

interface Pending {
  action: Action;
  settle: ((result: unknown) => void) | undefined;
}

export class RequestContext implements Recorder {
  readonly presentation: ClientObject;
  private pending: Pending[] = [];

  constructor(
    private readonly host: Host,
    readonly api: number,
  ) {
    this.presentation = make(this, "Presentation", []);
  }

  record(action: Action, settle?: (result: unknown) => void): void {
    this.pending.push({ action, settle });
  }

  load(object: ClientObject, what?: unknown): void {
    object.load(what);
  }

  /** Do what was recorded, in order. The first failure ends the batch; what came before stays. */
  async sync<T>(through?: T): Promise<T> {
    const sent = this.pending;
    this.pending = [];
    if (sent.length === 0) return through as T;
    const answer = await this.host.batch(sent.map((one) => one.action));
    if ("failure" in answer) throw ApiError.from(answer.failure);
    sent.forEach((one, at) => one.settle?.(answer.results[at]));
    return through as T;
  }
}

type Body = (context: RequestContext) => Promise<unknown>;

export function makeRun(host: Host, api: number) {
  return async (first: unknown, second?: Body): Promise<unknown> => {
    const body = second ?? (first as Body);
    const context = second ? contextOf(first) : new RequestContext(host, api);
    const promise: unknown = body(context);
    if (!(promise instanceof Promise)) {
      throw new ApiError(
        "RunMustReturnPromise",
        "The batch function passed to the '.run' method didn't return a promise.",
      );
    }
    const value: unknown = await promise;
    await context.sync();
    return value;
  };
}

function contextOf(first: unknown): RequestContext {
  const object = Array.isArray(first) ? (first[0] as unknown) : first;
  const context: unknown = object instanceof ClientObject ? object.context : object;
  if (context instanceof RequestContext) return context;
  throw new ApiError("InvalidArgument", "The first argument is no object of PowerPoint.");
}
