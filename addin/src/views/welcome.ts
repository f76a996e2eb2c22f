// The first screen: one sentence, one button, and what will be sent where.

import { ApiError, connectAddress } from "../server/api";
import { connect } from "../state/connection";
import { problemOf } from "../state/problems";
import { type Message, message } from "../strings/message";
import { t, words } from "../strings/strings";
import { byId, fill, h, joinedAround } from "./dom";
import { say, showProblem } from "./live";

/** Ask for a code, or a key; `done` when the server took it. */
export function drawWelcome(platform: string, done: () => void, why?: Message): void {
  const field = h("input", {
    id: "code",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    required: true,
    placeholder: t("welcome.placeholder"),
    "aria-describedby": "code-hint",
  });
  const submit = h("button", { type: "submit", class: "primary" }, t("welcome.connect"));
  const onSubmit = (event: Event) => {
    event.preventDefault();
    void tryToConnect(field, submit, platform, done);
  };
  const page = h("a", { href: connectAddress(), target: "_blank", rel: "noreferrer" }, t("welcome.page"));
  fill(
    byId("welcome"),
    h("img", { src: "/addin/icons/mark.svg", alt: "", width: 48, height: 48 }),
    h("h2", { id: "welcome-title" }, t("welcome.title")),
    h("p", {}, why ? words(why) : t("welcome.text")),
    h(
      "form",
      { submit: onSubmit },
      h("label", { for: "code" }, t("welcome.code")),
      field,
      h("p", { id: "code-hint", class: "soft" }, ...joinedAround("welcome.hint", "page", page), " ", t("welcome.who")),
      submit,
    ),
    h("p", { class: "soft" }, t("welcome.sent", { server: location.host })),
  );
}

async function tryToConnect(
  field: HTMLInputElement,
  submit: HTMLButtonElement,
  platform: string,
  done: () => void,
): Promise<void> {
  submit.disabled = true;
  showProblem(undefined);
  try {
    await connect(field.value.trim(), platform);
    say(message("welcome.connected"));
    done();
  } catch (error) {
    const isWrong = error instanceof ApiError && (error.status === 401 || error.status === 403);
    showProblem(isWrong ? message("welcome.wrong") : problemOf(error));
    field.focus();
    field.select();
  } finally {
    submit.disabled = false;
  }
}
