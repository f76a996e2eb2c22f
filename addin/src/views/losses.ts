// What a slide would lose by being replaced, in words.

import type { Known } from "../state/losses";
import { type Message, message } from "../strings/message";

/** "This replaces the slide. PowerPoint then drops …" */
export function lossQuestion(known: Known): Message {
  return known === undefined ? message("ask.unknown") : message("ask.losses", { what: lost(known) });
}

/** The same for a row of a list. */
export function lossNote(known: Known): Message {
  return known === undefined ? message("row.unknown") : message("row.losses", { what: lost(known) });
}

function lost(known: NonNullable<Known>): Message[] {
  const what: Message[] = [];
  if (known.comments > 0) what.push(message("lost.comments", { count: known.comments }));
  if (known.linksOut) what.push(message("lost.links_out"));
  if (known.linksIn) what.push(message("lost.links_in"));
  if (known.inCustomShow) what.push(message("lost.show"));
  return what;
}
