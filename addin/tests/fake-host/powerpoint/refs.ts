/** How PowerPoint's side names its objects, and how it finds them again. */

import type { Path } from "../protocol";
import type { TypeName } from "../surface";

/** One object of the presentation at this moment. */
export interface Ref {
  type: TypeName;
  /** A way that finds it again at any later moment, while it exists. */
  path: Path;
  /** The slide, layout or master that it is or that it lies on. */
  part: string;
  /** The slide's p:sldId/@id, where `part` is a slide. */
  slide: number | undefined;
  /** The shape that it is or belongs to. */
  shape: string | undefined;
  /** The members of a collection that was chosen, not derived. */
  members: Ref[] | undefined;
  /** Key of a tag. */
  key: string | undefined;
}

export const PRESENTATION: Ref = {
  type: "Presentation",
  path: [],
  part: "",
  slide: undefined,
  shape: undefined,
  members: undefined,
  key: undefined,
};

/** An object next to another one. */
export function next(from: Ref, type: TypeName, name: string, more: Partial<Ref> = {}): Ref {
  return { ...from, type, path: [...from.path, { name }], members: undefined, ...more };
}

/** A member of a collection, found again by its id. */
export function member(from: Ref, type: TypeName, id: string, more: Partial<Ref> = {}): Ref {
  const path = [...from.path, { name: "getItem", args: [id] }];
  return { ...from, type, path, members: undefined, ...more };
}
