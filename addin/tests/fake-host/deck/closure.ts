/** Copy a part with all that it needs from one package into another. */

import type { Package, Relationship } from "../opc/package";
import { relationshipsName, relativeTarget } from "../opc/package";

export interface CopyPlan {
  /** Parts that need no copy because they have a place already: source name → target name. */
  placed: Map<string, string>;
  /** The name that a new part gets. */
  name: (source: string) => string;
  /** Arrows that are not followed and not kept. */
  skip: (owner: string, item: Relationship) => boolean;
  /** The bytes of a part where they are not the source's. */
  blob?: (source: string) => Uint8Array;
}

/** Copy `start` and what it leads to; return its new name. `placed` tells where all went. */
export function copyClosure(from: Package, into: Package, start: string, plan: CopyPlan): string {
  const queue = place(from, into, start, plan);
  for (const source of queue) {
    const own = plan.placed.get(source) as string;
    const kept = from.relationships(source).filter((item) => !plan.skip(source, item));
    for (const item of kept) {
      if (!item.external) queue.push(...place(from, into, from.target(source, item), plan));
    }
    copyRelationships(from, into, source, own, kept, plan.placed);
  }
  return plan.placed.get(start) as string;
}

function place(from: Package, into: Package, source: string, plan: CopyPlan): string[] {
  if (plan.placed.has(source) || !from.parts.has(source)) return [];
  const name = plan.name(source);
  plan.placed.set(source, name);
  if (into.parts.has(name)) return [];
  into.add(name, plan.blob?.(source) ?? from.part(source), from.contentType(source) ?? "");
  return [source];
}

function copyRelationships(
  from: Package,
  into: Package,
  source: string,
  own: string,
  kept: Relationship[],
  placed: Map<string, string>,
): void {
  const moved = kept.map((item) => {
    const target = item.external ? undefined : placed.get(from.target(source, item));
    return target === undefined ? item : { ...item, target: relativeTarget(own, target) };
  });
  const untouched =
    source === own && kept.length === from.relationships(source).length && sameTargets(kept, moved);
  const raw = from.parts.get(relationshipsName(source));
  into.setRelationships(own, moved);
  if (untouched && raw) into.parts.set(relationshipsName(own), raw);
}

function sameTargets(before: Relationship[], after: Relationship[]): boolean {
  return before.every((item, at) => item.target === after[at]?.target);
}
