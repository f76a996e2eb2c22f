/**
 * The pane's side of the PowerPoint objects: proxies that record what is asked and know nothing
 * until `context.sync()` has come back.
 */

import type { Action, Loaded, Path } from "../protocol";
import { SURFACE, type TypeName } from "../surface";
import { ApiError, notLoaded, notSupported, valueNotLoaded } from "./errors";

/** What a proxy needs of its context. */
export interface Recorder {
  /** The highest PowerPointApi 1.x of this PowerPoint. */
  readonly api: number;
  record(action: Action, settle?: (result: unknown) => void): void;
}

export class ClientResult {
  private settled = false;
  private held: unknown;

  get value(): unknown {
    if (!this.settled) throw valueNotLoaded();
    return this.held;
  }

  settle(value: unknown): void {
    this.settled = true;
    this.held = value;
  }
}

/** One PowerPoint object; its members are defined per type by `proxyClass`. */
export class ClientObject {
  private readonly values = new Map<string, unknown>();
  private readonly others = new Map<string, ClientObject>();
  private members: ClientObject[] | undefined;
  private missing: boolean | undefined;

  constructor(
    readonly context: Recorder,
    readonly typeName: TypeName,
    public path: Path,
  ) {}

  get isNullObject(): boolean {
    if (this.missing === undefined) throw notLoaded("isNullObject");
    return this.missing;
  }

  get items(): ClientObject[] {
    if (!SURFACE[this.typeName].item) return undefined as unknown as ClientObject[];
    if (!this.members) throw notLoaded("items");
    return this.members;
  }

  load(what?: unknown): this {
    const select = selection(what);
    this.context.record({ kind: "load", path: this.path, select }, (result) => {
      this.take(result as Loaded);
    });
    return this;
  }

  toJSON(): Record<string, unknown> {
    const out: Record<string, unknown> = Object.fromEntries(this.values);
    if (this.members) out["items"] = this.members.map((item) => item.toJSON());
    return out;
  }

  set(values: Record<string, unknown>): void {
    Object.assign(this, values);
  }

  /** @internal */
  read(name: string): unknown {
    if (!this.values.has(name)) throw notLoaded(name);
    return this.values.get(name);
  }

  /** @internal */
  write(property: string, value: unknown): void {
    this.context.record({ kind: "set", path: this.path, property, value });
    this.values.set(property, value);
  }

  /** @internal */
  follow(name: string, type: TypeName): ClientObject {
    const known = this.others.get(name) ?? make(this.context, type, [...this.path, { name }]);
    this.others.set(name, known);
    return known;
  }

  /** @internal The object that a method gives; its way is settled when the batch is done. */
  found(name: string, args: unknown[], type: TypeName): ClientObject {
    // What a method makes is made once, however often its way is gone until the batch is done.
    const asked = name.startsWith("add") ? [...args, crypto.randomUUID()] : args;
    const other = make(this.context, type, [...this.path, { name, args: plain(this, asked) }]);
    this.context.record({ kind: "find", path: other.path }, (result) => {
      const { path, isNull } = result as Pick<Loaded, "path" | "isNull">;
      other.path = path;
      other.missing = isNull;
    });
    return other;
  }

  /** @internal */
  call(method: string, args: unknown[]): ClientResult {
    const result = new ClientResult();
    const action: Action = { kind: "call", path: this.path, method, args: plain(this, args) };
    this.context.record(action, (value) => {
      result.settle(value);
    });
    return result;
  }

  private take(loaded: Loaded): void {
    this.missing = loaded.isNull;
    if (loaded.isNull) return;
    for (const [name, value] of Object.entries(loaded.scalars)) this.values.set(name, value);
    for (const [name, other] of Object.entries(loaded.navigations)) {
      const navigation = SURFACE[this.typeName].navigations[name];
      if (navigation) this.follow(name, navigation.type).take(other);
    }
    const item = SURFACE[this.typeName].item;
    if (loaded.items && item) {
      this.members = loaded.items.map((one) => {
        const member = make(this.context, item, one.path);
        member.take(one);
        return member;
      });
    }
  }
}

const classes = new Map<TypeName, typeof ClientObject>();

export function make(context: Recorder, type: TypeName, path: Path): ClientObject {
  const known = classes.get(type) ?? proxyClass(type);
  classes.set(type, known);
  return new known(context, type, path);
}

/** The class of one type, with every member of the API; those above the profile raise. */
function proxyClass(type: TypeName): typeof ClientObject {
  const made = class extends ClientObject {};
  const { scalars, navigations, methods } = SURFACE[type];
  const guard = (object: ClientObject, name: string, since: number): void => {
    if (since > object.context.api) throw notSupported(`${type}.${name}`);
  };
  for (const [name, scalar] of Object.entries(scalars)) {
    Object.defineProperty(made.prototype, name, {
      get(this: ClientObject) {
        guard(this, name, scalar.since);
        return this.read(name);
      },
      set(this: ClientObject, value: unknown) {
        guard(this, name, scalar.since);
        if (!scalar.writable) {
          throw new ApiError("CannotUpdateReadOnlyProperty", `'${name}' is read-only.`, name);
        }
        this.write(name, value);
      },
    });
  }
  for (const [name, navigation] of Object.entries(navigations)) {
    Object.defineProperty(made.prototype, name, {
      get(this: ClientObject) {
        guard(this, name, navigation.since);
        return this.follow(name, navigation.type);
      },
    });
  }
  for (const [name, method] of Object.entries(methods)) {
    Object.defineProperty(made.prototype, name, {
      value(this: ClientObject, ...args: unknown[]) {
        guard(this, name, method.since);
        if (method.gives === "nothing") {
          this.call(name, args);
          return undefined;
        }
        if (method.gives === "value") return this.call(name, args);
        return this.found(name, args, method.gives);
      },
    });
  }
  return made;
}

/** Arguments as they travel: a proxy of the same context becomes its way. */
function plain(owner: ClientObject, args: unknown[]): unknown[] {
  return args.map((argument) => {
    if (Array.isArray(argument)) return plain(owner, argument);
    if (!(argument instanceof ClientObject)) return argument;
    if (argument.context !== owner.context) {
      throw new ApiError(
        "InvalidRequestContext",
        "Cannot use the object across different request contexts.",
      );
    }
    return { path: argument.path };
  });
}

/** "id,layout/name", ["id"], { id: true, layout: { name: true } } or { select: … } as a list. */
function selection(what: unknown): string[] {
  if (what === undefined || what === "") return [];
  if (typeof what === "string") return what.split(",").map((name) => name.trim());
  if (Array.isArray(what)) return what.flatMap(selection);
  return Object.entries(what as Record<string, unknown>).flatMap(([name, inner]) => {
    if (name === "select" || name === "expand") return selection(inner);
    if (name === "$all") return [];
    if (typeof inner !== "object") return inner ? [name] : [];
    return selection(inner).map((below) => `${name}/${below}`);
  });
}
