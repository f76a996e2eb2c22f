// The probe: a page that runs the open questions in a real PowerPoint and gives a text to paste into
// an issue. In English only: developers read it.

import { readFile } from "./host/document";
import { fillBackground } from "./host/background";
import * as probe from "./host/probe";
import { deleteSlide, exportSlide } from "./host/slides";
import { fromBase64 } from "./opc/package";
import { type Parts, textOf } from "./opc/relationships";
import { slideContent } from "./opc/slide-content";
import { byId, button, fill, h } from "./views/dom";

const SIDE_PX = 64;
const MOST_BYTES = 30 * 1024 * 1024;

interface Question {
  name: string;
  /** Lines of the answer. */
  ask: (slideId: string) => Promise<string[]>;
}

/** A PNG of one colour, as base64. */
function picture(colour: string): string {
  const canvas = h("canvas", { width: SIDE_PX, height: SIDE_PX });
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser cannot draw.");
  context.fillStyle = colour;
  context.fillRect(0, 0, SIDE_PX, SIDE_PX);
  return canvas.toDataURL("image/png").split(",")[1] ?? "";
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, words: string]> {
  const start = performance.now();
  const result = await work();
  return [result, `${Math.round(performance.now() - start)} ms`];
}

async function partsOf(base64: string): Promise<Parts> {
  const { unzipSync } = await import("fflate");
  return unzipSync(fromBase64(base64));
}

/** Where two texts begin to differ, with some characters around. */
function difference(one: string, other: string): string {
  if (one === other) return "equal";
  let at = 0;
  while (one[at] === other[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 120).replace(/>[^<]+</g, ">…<");
  return `differ at ${at} of ${one.length}/${other.length}:\n    was ${around(one)}\n    is  ${around(other)}`;
}

const holds = (parts: Parts, base64: string): boolean => {
  const wanted = fromBase64(base64);
  return Object.entries(parts).some(
    ([name, bytes]) => name.startsWith("ppt/media/") && bytes.length === wanted.length && bytes.every((byte, at) => byte === wanted[at]),
  );
};

const fillsOf = (parts: Parts, name: string) => textOf(parts, name).match(/<a:blipFill\b[^]*?<\/a:blipFill>/g) ?? [];

const QUESTIONS: Question[] = [
  {
    name: "Are two exports of an unchanged slide alike?",
    ask: async (slideId) => {
      const [one, time] = await timed(() => exportSlide(slideId));
      const other = await exportSlide(slideId);
      const [a, b] = [await partsOf(one), await partsOf(other)];
      const names = Object.keys(a).filter((name) => textOf(a, name) !== textOf(b, name));
      return [
        `export ${time}, ${Math.round(one.length / 1366)} kB, ${Object.keys(a).length} parts`,
        `parts that differ: ${names.join(", ") || "none"}`,
        `content: ${difference(slideContent(a).structure, slideContent(b).structure)}`,
      ];
    },
  },
  ...(["UseDestinationTheme", "KeepSourceFormatting"] as const).map((formatting) => ({
    name: `What does an insert change (${formatting})?`,
    ask: async (slideId: string) => {
      const before = await probe.allIds();
      const sent = await exportSlide(slideId);
      const [after, time] = await timed(() => probe.insertBehind(sent, slideId, formatting));
      const added = after.filter((id) => !before.includes(id));
      const [newId] = added;
      if (newId === undefined) return [`insert ${time}: no new slide`];
      const place = after.indexOf(newId) - after.indexOf(slideId);
      const [a, b] = [await partsOf(sent), await partsOf(await exportSlide(newId))];
      const [was, is] = [slideContent(a), slideContent(b)];
      const kept = was.mentions.filter((name, at) => textOf(a, name) === textOf(b, is.mentions[at] ?? "")).length;
      const [length, deleted] = await timed(() => probe.exportAndDelete(newId));
      return [
        `insert ${time}: ${added.length} new, ${place} behind; ids ${slideId} → ${newId}`,
        `content: ${difference(was.structure, is.structure)}`,
        `pictures with the same bytes: ${kept} of ${was.mentions.length}`,
        `export and delete in one batch ${deleted}: export of ${length} characters came back`,
      ];
    },
  })),
  {
    name: "Does setImage keep the form of a shape's fill, and the bytes?",
    ask: async (slideId) => {
      const [red, blue] = [picture("#c00"), picture("#00c")];
      const shapeId = await probe.addFilledShape(slideId, red);
      const first = await partsOf(await exportSlide(slideId));
      await probe.fillShape(slideId, shapeId, blue);
      const second = await partsOf(await exportSlide(slideId));
      const [name = ""] = slideContent(second).parts;
      await probe.removeShape(slideId, shapeId);
      return [
        `bytes kept: ${holds(first, red)}, ${holds(second, blue)}; old bytes gone: ${!holds(second, red)}`,
        `content: ${difference(slideContent(first).structure, slideContent(second).structure)}`,
        `fill: ${fillsOf(second, name).at(-1) ?? "none"}`,
      ];
    },
  },
  {
    name: "Does a background keep its form, and the bytes?",
    ask: async (slideId) => {
      const [red, blue] = [picture("#c00"), picture("#00c")];
      await probe.setBackground(slideId, red);
      const first = await partsOf(await exportSlide(slideId));
      await fillBackground(slideId, blue);
      const second = await partsOf(await exportSlide(slideId));
      const [name = ""] = slideContent(second).parts;
      return [
        `bytes kept: ${holds(first, red)}, ${holds(second, blue)}`,
        `content: ${difference(slideContent(first).structure, slideContent(second).structure)}`,
        `fill: ${fillsOf(second, name)[0] ?? "none"}`,
      ];
    },
  },
  {
    name: "What does the whole file cost?",
    ask: async () => {
      const [slices, time] = await timed(() => readFile(MOST_BYTES));
      const bytes = slices?.reduce((sum, slice) => sum + slice.length, 0);
      return [`getFileAsync ${time}, ${bytes === undefined ? "too large" : `${Math.round(bytes / 1000)} kB`}`];
    },
  },
];

/** Ask one question; an error is an answer too. */
async function answer({ name, ask }: Question, slideId: string): Promise<string[]> {
  try {
    return [`- ${name}`, ...(await ask(slideId)).map((line) => `  ${line}`)];
  } catch (error) {
    return [`- ${name}`, `  failed: ${String(error)}`];
  }
}

async function undoQuestion(lines: string[]): Promise<void> {
  const [slideId = ""] = await probe.allIds();
  const before = await probe.allIds();
  const after = await probe.insertBehind(await exportSlide(slideId), slideId, "UseDestinationTheme");
  await deleteSlide(slideId);
  lines.push("- What does Ctrl+Z take back of a replacement?", `  before ${before.join(" ")}; inserted ${after.length - before.length}`);
  await new Promise<void>((resolve) => {
    fill(
      byId("next"),
      h("p", {}, "Click into the slide, press Ctrl+Z (Cmd+Z) once, and come back."),
      button("I have pressed it", resolve, "primary"),
    );
  });
  lines.push(`  after one Ctrl+Z: ${(await probe.allIds()).join(" ")}`);
  fill(byId("next"));
}

async function start(): Promise<void> {
  const lines = ["Crispdeck probe", ...(await probe.environment())];
  const show = () => (byId("answers").textContent = lines.join("\n"));
  show();
  const [slideId] = await probe.allIds();
  if (slideId === undefined) throw new Error("Open a presentation with a slide.");
  const events = await probe.eventsDuring(async () => {
    for (const question of QUESTIONS) {
      lines.push(...(await answer(question, slideId)));
      show();
    }
  });
  lines.push(`- Selection events meanwhile: ${events}`);
  await undoQuestion(lines);
  show();
  fill(byId("next"), h("p", {}, "Done. Copy the text below into an issue. It holds no words and no pictures of your slides."));
}

byId("start").addEventListener("click", () => {
  byId("start").hidden = true;
  start().catch((error: unknown) => fill(byId("next"), h("p", { class: "bad" }, String(error))));
});
