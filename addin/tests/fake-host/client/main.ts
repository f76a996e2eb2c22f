/** What the pane loads in place of office.js: the client, with PowerPoint in the frame above. */

import { makeDialogGlobals, makeGlobals } from "./office";
import { overPort } from "../port";

function connected(): ReturnType<typeof makeGlobals> {
  const channel = new MessageChannel();
  window.parent.postMessage("office.js", "*", [channel.port2]);
  return makeGlobals(overPort(channel.port1));
}

Object.assign(globalThis, makeDialogGlobals(window.name) ?? connected());

// As the real one does in its webviews.
Object.assign(window.history, { pushState: null, replaceState: null });
window.alert = window.confirm = window.prompt = (): never => {
  throw new Error("a pane may not open dialogs of the browser");
};
