// Windows that Office opens for the pane: a dialog that answers, and the browser.
// Nothing here may need more than this (held by tests/host/requirements.test.ts).

import { HostError } from "./errors";

export const REQUIRES = "1.1";

// Percent of the screen: a sign-in page fits, and is narrow enough to be drawn for phones.
const DIALOG = { height: 70, width: 30 };

/** Show a page of the pane's own origin until it sends a message; undefined if the user closes it. */
export function askInDialog(address: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    Office.context.ui.displayDialogAsync(address, DIALOG, (result) => {
      if (result.status !== Office.AsyncResultStatus.Succeeded) {
        reject(new HostError("host_refused", result.error.message));
        return;
      }
      const dialog = result.value;
      dialog.addEventHandler(Office.EventType.DialogMessageReceived, (answer) => {
        dialog.close();
        if ("message" in answer) resolve(answer.message);
      });
      dialog.addEventHandler(Office.EventType.DialogEventReceived, () => resolve(undefined));
    });
  });
}

/** Give the pane that opened this dialog its answer. */
export function answerFromDialog(message: string): void {
  Office.context.ui.messageParent(message);
}

/** Open an address in the browser; says whether Office can do that here. */
export function openInBrowser(address: string): boolean {
  if (!Office.context.requirements.isSetSupported("OpenBrowserWindowApi", "1.1")) return false;
  Office.context.ui.openBrowserWindow(address);
  return true;
}
