// The first screen: one sentence, one button.

import { ApiError, connectAddress, limits, pair } from "../server/api";
import { change } from "../state/settings";
import { button, byId, fill, h } from "./dom";
import { say, showProblem } from "./live";

const KEY = /^cd_[0-9a-f]{12}_[0-9a-f]{64}$/;

/** Ask for a code, or a key; `done` when the server took it. */
export function drawWelcome(platform: string, done: () => void, why = ""): void {
  const field = h("input", {
    id: "code",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    required: true,
    "aria-describedby": "code-hint",
  });
  const connect = h("button", { type: "submit", class: "primary" }, "Connect");
  const form = h(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        void tryToConnect(field, connect, platform, done);
      },
    },
    h("label", { for: "code" }, "Code"),
    field,
    h(
      "p",
      { id: "code-hint", class: "soft" },
      "Eight letters from ",
      h("a", { href: connectAddress(), target: "_blank", rel: "noreferrer" }, "your Crispdeck page"),
      ", or an API key.",
    ),
    connect,
  );
  fill(
    byId("welcome"),
    h("img", { src: "/addin/icons/mark.svg", alt: "", width: 48, height: 48 }),
    h("h2", { id: "welcome-title" }, "Make blurred pictures sharp"),
    h("p", {}, why || "Crispdeck finds pictures that will look blurred in the show and sharpens them on the slide."),
    form,
  );
}

async function tryToConnect(
  field: HTMLInputElement,
  connect: HTMLButtonElement,
  platform: string,
  done: () => void,
): Promise<void> {
  const given = field.value.trim();
  connect.disabled = true;
  showProblem("");
  try {
    const key = KEY.test(given) ? given : await pair(given, `PowerPoint (${platform})`);
    change({ key });
    await limits();
    say("Connected.");
    done();
  } catch (error) {
    change({ key: "" });
    const wrong = error instanceof ApiError && (error.status === 401 || error.status === 403);
    showProblem(
      wrong
        ? "This code or key is not valid. A code is good once, for ten minutes."
        : error instanceof Error
          ? error.message
          : String(error),
    );
    field.focus();
    field.select();
  } finally {
    connect.disabled = false;
  }
}

/** Offer to leave: forget the key on this computer. */
export function disconnectButton(onClick: () => void): HTMLButtonElement {
  return button("Disconnect", onClick);
}
