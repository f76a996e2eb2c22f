/** PowerPoint's side of `context.sync()`: does a batch of actions in order. */

import type { Action, BatchAnswer, Failure, Loaded, Path, Step } from "../protocol";
import type { Profile } from "../profiles";
import { SURFACE, type TypeName, type TypeSurface } from "../surface";
import { perform } from "./edits";
import { general, HostError, invalidArgument, slideNotFound } from "./errors";
import { MEMBERS } from "./members";
import { PRESENTATION, type Ref } from "./refs";
import type { Effect, Rules } from "./rules";
import type { Session } from "./session";

/** One call that PowerPoint saw. */
export interface Call {
  member: string;
  failed: string | undefined;
}

export class Engine {
  readonly calls: Call[] = [];
  /** How often PowerPoint on the web has saved the file because of the pane (office-js 6740, 3443). */
  saves = 0;
  /** How long an insert takes by its size, in milliseconds a megabyte (office-js 3087: 370 on the web). */
  insertMsPerMegabyte = 0;
  /** How long every batch is on its way, in milliseconds. */
  latency = 0;
  /** How much one batch may carry there, or back, in characters; PowerPoint on the web has a limit. */
  payloadLimit = Infinity;

  /** What methods have made, by the token of the call. */
  private readonly added = new Map<string, Ref>();

  constructor(
    readonly session: Session,
    private readonly profile: Profile,
    readonly rules: Rules,
  ) {}

  async batch(actions: Action[]): Promise<BatchAnswer> {
    await wait(this.latency + this.insertMsPerMegabyte * megabytesIn(actions));
    if (this.profile.platform === "OfficeOnline" && actions.some(isSelectionRead)) this.saves += 1;
    if (this.isTooLarge(actions)) return this.refused("Request");
    const results: unknown[] = [];
    for (const [at, action] of actions.entries()) {
      const member = this.memberOf(action);
      try {
        results.push(await this.affected(member, () => this.recorded(action)));
        this.calls.push({ member, failed: undefined });
      } catch (error) {
        const failure = failureOf(error, member, at);
        this.calls.push({ member, failed: failure.code });
        return { failure };
      }
    }
    return this.isTooLarge(results) ? this.refused("Response") : { results };
  }

  private isTooLarge(payload: unknown[]): boolean {
    return this.payloadLimit < Infinity && JSON.stringify(payload).length > this.payloadLimit;
  }

  private refused(what: "Request" | "Response"): { failure: Failure } {
    const code = `${what}PayloadSizeLimitExceeded`;
    const message = `The ${what.toLowerCase()} payload size has exceeded the limit.`;
    this.calls.push({ member: "sync", failed: code });
    return { failure: { code, message, location: "", action: 0 } };
  }

  /** Let rules have their way with a call of either API. */
  async affected(member: string, act: () => unknown): Promise<unknown> {
    const effects = this.rules.effects(member);
    for (const effect of effects) await this.before(effect);
    if (effects.some((effect) => effect.kind === "ignore")) return "";
    let result = await act();
    if (effects.some((effect) => effect.kind === "repeat")) result = await act();
    if (effects.some((effect) => effect.kind === "empty")) result = { ...(result as Loaded), items: [] };
    if (effects.some((effect) => effect.kind === "unloaded")) result = unloaded(result as Loaded);
    for (const effect of effects) this.after(effect);
    return result;
  }

  private async before(effect: Effect): Promise<void> {
    if (effect.kind === "delay") await wait(effect.ms);
    if (effect.kind === "edit" && effect.when === "before") perform(this.session, effect.edit);
    if (effect.kind === "fail" && effect.when === "before") throw fault(effect);
  }

  private after(effect: Effect): void {
    if (effect.kind === "edit" && effect.when === "after") perform(this.session, effect.edit);
    if (effect.kind === "fail" && effect.when === "after") throw fault(effect);
  }

  private memberOf(action: Action): string {
    const type = typeAt(action.path);
    if (action.kind === "load") return `${type}.load`;
    if (action.kind === "set") return `${type}.${action.property}`;
    if (action.kind === "call") return `${type}.${action.method}`;
    const last = action.path.at(-1) as Step;
    return `${typeAt(action.path.slice(0, -1))}.${last.name}`;
  }

  private recorded(action: Action): unknown {
    return this.session.history.record("add-in", () => this.act(action));
  }

  private act(action: Action): unknown {
    if (action.kind === "call" && action.method === "delete" && this.isGone(action.path)) return "";
    const ref = this.resolve(action.path);
    if (this.session.isReadOnly && changes(action)) throw general("the presentation is read-only");
    if (action.kind === "find") return { path: ref?.path ?? action.path, isNull: !ref };
    if (action.kind === "load") return this.load(ref, action.path, action.select);
    if (!ref) throw invalidArgument("the object does not exist");
    const members = MEMBERS[ref.type];
    if (action.kind === "set") {
      const write = members.writes?.[action.property];
      if (!write) throw new Error(`the host cannot write ${ref.type}.${action.property}`);
      write(ref, this.session, action.value);
      return undefined;
    }
    if (action.method === "getCount") return this.itemsOf(ref).length;
    const method = members.methods?.[action.method];
    if (!method) throw new Error(`the host cannot do ${ref.type}.${action.method}`);
    return method(ref, this.session, action.args);
  }

  /** Deleting what is gone already does nothing. */
  private isGone(path: Path): boolean {
    if (typeAt(path) !== "Slide") return false;
    try {
      return this.resolve(path) === null;
    } catch {
      return true;
    }
  }

  private resolve(path: Path): Ref | null {
    let ref: Ref | null = PRESENTATION;
    for (const step of path) {
      if (!ref) throw invalidArgument("the object does not exist");
      ref = this.step(ref, step);
    }
    return ref;
  }

  private step(ref: Ref, step: Step): Ref | null {
    const navigation = MEMBERS[ref.type].navigations?.[step.name];
    if (navigation) return navigation(ref, this.session);
    if (step.name === "getItemAt") {
      const found = this.itemsOf(ref)[Number(step.args?.[0])];
      if (!found) throw invalidArgument(`no item ${String(step.args?.[0])}`);
      return found;
    }
    if (step.name.startsWith("getItem")) return this.item(ref, step);
    const method = MEMBERS[ref.type].methods?.[step.name];
    if (!method) throw new Error(`the host does not know ${ref.type}.${step.name}`);
    const token = step.name.startsWith("add") ? String(step.args?.at(-1)) : undefined;
    const known = token === undefined ? undefined : this.added.get(token);
    if (known) return known;
    const found = method(ref, this.session, step.args ?? []) as Ref | null;
    if (token !== undefined && found) this.added.set(token, found);
    return found;
  }

  private item(ref: Ref, step: Step): Ref | null {
    const asked = step.args?.[0];
    if (typeof asked !== "string") throw invalidArgument("the key is a string");
    const found = this.find(ref, asked);
    if (found || step.name.endsWith("OrNullObject")) return found ?? null;
    throw SURFACE[ref.type].item === "Slide" ? slideNotFound(asked) : invalidArgument(asked);
  }

  private find(ref: Ref, asked: string): Ref | undefined {
    const members = MEMBERS[ref.type];
    const items = this.itemsOf(ref);
    if (SURFACE[ref.type].item === "Slide") {
      const slide = this.session.deck.find(asked);
      return items.find((one) => one.slide === slide?.number);
    }
    const wanted = ref.type === "TagCollection" ? asked.toUpperCase() : asked;
    return items.find((one) => members.idOf?.(one, this.session) === wanted);
  }

  private itemsOf(ref: Ref): Ref[] {
    const items = MEMBERS[ref.type].items;
    if (!items) throw new Error(`${ref.type} is no collection`);
    return items(ref, this.session);
  }

  private load(ref: Ref | null, path: Path, select: string[]): Loaded {
    const loaded: Loaded = { path, isNull: !ref, scalars: {}, navigations: {} };
    if (!ref) return loaded;
    loaded.path = ref.path;
    const { scalars, navigations, item } = SURFACE[ref.type];
    if (item) {
      const inner = select.flatMap((name) => (name === "items" ? [] : name.replace(/^items\//, "")));
      loaded.items = this.itemsOf(ref).map((one) => this.load(one, one.path, inner));
      return loaded;
    }
    const all = Object.keys(scalars).filter((name) => (scalars[name]?.since ?? 99) <= this.profile.api);
    for (const asked of select.length > 0 ? select : all) {
      const [name = "", ...rest] = asked.split("/");
      const member = scalars[name] ?? navigations[name];
      if (!member) throw invalidArgument(`${ref.type} has no property ${name}`);
      this.require(member.since, `${ref.type}.${name}`);
      if (name in navigations) this.loadNext(ref, name, rest, loaded);
      else loaded.scalars[name] = MEMBERS[ref.type].scalars?.[name]?.(ref, this.session);
    }
    return loaded;
  }

  private loadNext(ref: Ref, name: string, rest: string[], loaded: Loaded): void {
    const other = this.step(ref, { name });
    const below = this.load(other, [...ref.path, { name }], rest.length > 0 ? [rest.join("/")] : []);
    const known = loaded.navigations[name];
    loaded.navigations[name] = known ? merged(known, below) : below;
  }

  private require(since: number, member: string): void {
    if (since > this.profile.api) throw new HostError("ApiNotFound", `API not found: ${member}`);
  }
}

/** A read of the selection alone makes PowerPoint on the web save the file (office-js 6740). */
function isSelectionRead(action: Action): boolean {
  return action.kind === "find" && action.path.at(-1)?.name === "getSelectedSlides";
}

function megabytesIn(actions: Action[]): number {
  const characters = actions.map((action) =>
    action.kind === "call" && action.method === "insertSlidesFromBase64" ? String(action.args[0]).length : 0,
  );
  return characters.reduce((sum, each) => sum + each, 0) / 1_366_000;
}

function unloaded(loaded: Loaded): Loaded {
  const { path, isNull } = loaded;
  return { path, isNull, scalars: {}, navigations: {} };
}

const CHANGING = ["insertSlidesFromBase64", "delete", "moveTo", "add", "setImage", "setPictureOrTextureFill", "clear"];

function changes(action: Action): boolean {
  const last = action.path.at(-1)?.name;
  if (action.kind === "find" && last?.startsWith("add")) return true;
  return action.kind === "set" || (action.kind === "call" && CHANGING.includes(action.method));
}

/** The type of what a path leads to, without going there. */
export function typeAt(path: Path): TypeName {
  let type: TypeName = "Presentation";
  for (const { name } of path) {
    const surface: TypeSurface = SURFACE[type];
    const gives = surface.methods[name]?.gives;
    const found: TypeName | "value" | "nothing" | undefined = surface.navigations[name]?.type ?? gives;
    if (!found || found === "value" || found === "nothing") throw new Error(`no ${type}.${name}`);
    type = found;
  }
  return type;
}

function merged(one: Loaded, other: Loaded): Loaded {
  return {
    ...one,
    scalars: { ...one.scalars, ...other.scalars },
    navigations: { ...one.navigations, ...other.navigations },
    ...(one.items && {
      items: one.items.map((item, at) => merged(item, other.items?.[at] ?? item)),
    }),
  };
}

function fault(effect: Extract<Effect, { kind: "fail" }>): HostError {
  return new HostError(effect.code, effect.message ?? "There was an internal error.");
}

function failureOf(error: unknown, location: string, action: number): Failure {
  if (error instanceof HostError) {
    return { code: error.code, message: error.message, location, action };
  }
  // A defect of the host itself must not look like one of PowerPoint's own errors.
  const message = `fake host: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return { code: "FakeHostDefect", message, location, action };
}

export async function wait(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
