/**
 * The page around the pane. A test opens a deck with `window.powerpoint.open`, does what a person
 * would, and takes the deck back with `save`.
 */

import { serve } from "../port";
import { draw, paint } from "./drawing";
import { type Options, PowerPoint } from "./powerpoint";

class Window {
  private host: PowerPoint | undefined;

  /** Open a deck, base64 of its file, with a task pane of this address and width. */
  open(deck: string, pane: string, width: number, options: Options): void {
    this.host = new PowerPoint(deck, { ...options, painter: paint });
    this.host.session.onSelection(() => void this.draw());
    this.showPane(pane, width);
    void this.draw();
  }

  /** Load the pane anew, as after closing and opening it. */
  showPane(pane: string, width: number): void {
    const frame = document.createElement("iframe");
    frame.id = "pane";
    frame.name = "pane";
    frame.title = "Task pane";
    frame.style.width = `${width}px`;
    frame.src = pane;
    document.getElementById("pane")?.replaceWith(frame);
  }

  /** Show what the deck looks like now. */
  async draw(): Promise<void> {
    await draw(this.app.session);
  }

  get app(): PowerPoint {
    if (!this.host) throw new Error("no deck is open");
    return this.host;
  }
}

const powerpoint = new Window();
Object.assign(globalThis, { powerpoint });

window.addEventListener("message", ({ data, ports, source }) => {
  const frame = document.getElementById("pane") as HTMLIFrameElement;
  const [port] = ports;
  if (data === "office.js" && source === frame.contentWindow && port) serve(port, powerpoint.app);
});
