// The first screen: one sentence, one way to connect or two, and what will be sent where.

import { ApiError, connectAddress } from "../server/api";
import { connect, connectAsDeployed, signIn, SignInError, ways } from "../state/connection";
import { problemOf } from "../state/problems";
import { type Message, message } from "../strings/message";
import { t, words } from "../strings/strings";
import { button, byId, fill, h, joinedAround } from "./dom";
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
    void attempt(submit, done, () => connect(field.value.trim(), platform)).then((isDone) => {
      if (isDone) return;
      field.focus();
      field.select();
    });
  };
  const other = h("div", { id: "without-code" });
  void drawOtherWays(other, submit, platform, done);
  const page = h("a", { href: connectAddress(), target: "_blank", rel: "noreferrer" }, t("welcome.page"));
  fill(
    byId("welcome"),
    h("img", { src: "/addin/icons/mark.svg", alt: "", width: 48, height: 48 }),
    h("h2", { id: "welcome-title" }, t("welcome.title")),
    h("p", {}, why ? words(why) : t("welcome.text")),
    other,
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

/** A button for whoever needs no code: the code is then the second choice. */
async function drawOtherWays(place: HTMLElement, submit: HTMLElement, platform: string, done: () => void): Promise<void> {
  const found = await ways();
  if (!found.signIn && !found.deployed) return;
  const key = found.deployed ? "welcome.connect" : "welcome.sign_in";
  const work = async () => {
    if (found.deployed) await connectAsDeployed(platform, true);
    else await signIn(platform);
  };
  const start: HTMLButtonElement = button(t(key), () => void attempt(start, done, work), "primary", { id: "sign-in" });
  submit.className = "secondary";
  fill(place, start, h("p", { class: "soft" }, t("welcome.or_code")));
}

/** Try to connect; says whether it worked. */
async function attempt(clicked: HTMLButtonElement, done: () => void, work: () => Promise<void>): Promise<boolean> {
  clicked.disabled = true;
  showProblem(undefined);
  try {
    await work();
    say(message("welcome.connected"));
    done();
    return true;
  } catch (error) {
    showProblem(whyNot(error));
    return false;
  } finally {
    clicked.disabled = false;
  }
}

function whyNot(error: unknown): Message {
  if (error instanceof SignInError) {
    if (error.code === "closed") return message("welcome.closed");
    return message(error.code === "forbidden" ? "welcome.not_let_in" : "welcome.sign_in_failed");
  }
  const isWrong = error instanceof ApiError && (error.status === 401 || error.status === 403);
  return isWrong ? message("welcome.wrong") : problemOf(error);
}
