// Draws what it is given into the page; speaks to no server. Text only, never markup.

export const $ = (id) => document.getElementById(id);

export function show(id, visible = true) {
  $(id).hidden = !visible;
}

/** Tell those who cannot see the page. */
export function tell(text) {
  $("live").textContent = text;
}

export function showError(error) {
  $("error-title").textContent = error.title || "Something went wrong in this page.";
  $("error-detail").textContent = error.title === error.message ? "" : error.message;
  show("error");
  $("error").focus();
}

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".0", "")} MiB`;
}

export function showUpload(fraction) {
  show("upload");
  const bar = $("upload-bar");
  if (fraction >= 1) bar.removeAttribute("value");
  else bar.value = Math.round(fraction * 100);
  $("upload-text").textContent =
    fraction >= 1 ? "Looking at every picture…" : `Sending the deck: ${Math.round(fraction * 100)} %`;
}

/** Where pictures of a part are shown: "Slide 3" or "Slides 2, 4 and 7". */
function where(picture) {
  const slides = picture.slides;
  if (!slides.length) return "Not on a slide";
  if (slides.length === 1) return `Slide ${slides[0]}`;
  const shown = slides.length > 4 ? [...slides.slice(0, 3), `${slides.length - 3} more`] : slides;
  return `Slides ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function facts(picture) {
  const words = [];
  if (picture.width_px) words.push(`${picture.width_px} × ${picture.height_px} pixels`);
  if (picture.effective_ppi) words.push(`${Math.round(picture.effective_ppi)} ppi on the slide`);
  if (picture.name) words.push(picture.name);
  return words.join(" · ");
}

function card(picture, sentence) {
  const item = $("picture-template").content.firstElementChild.cloneNode(true);
  const title = where(picture);
  item.dataset.part = picture.part;
  item.querySelector(".where").textContent = title;
  item.querySelector(".sentence").textContent = sentence;
  item.querySelector(".facts").textContent = facts(picture);
  item.querySelector(".pick-name").textContent = `Sharpen the picture on ${title.toLowerCase()}`;
  item.querySelector(".chosen").value = picture.part;
  item.querySelector(".before img").alt = picture.alt_text || `The picture on ${title.toLowerCase()}`;
  return item;
}

/** The scan: what is blurred, what is left alone and why. `load(item, picture)` fetches looks. */
export function showScan(deck, load) {
  const low = deck.pictures.filter((picture) => picture.verdict === "low");
  const left = deck.pictures.filter((picture) => picture.verdict !== "low");
  low.sort((a, b) => (a.effective_ppi || 0) - (b.effective_ppi || 0));
  $("scan-title").textContent = deck.name;
  $("scan-facts").textContent =
    `${plural(deck.scan.slides, "slide")}, ${plural(deck.pictures.length, "picture")}, ${size(deck.size_bytes)}`;
  $("low-title").textContent = low.length
    ? `${plural(low.length, "picture looks", "pictures look")} blurred`
    : "No picture looks blurred at this setting";
  $("left-title").textContent = `${plural(left.length, "picture is", "pictures are")} left alone`;
  $("low").classList.remove("started");
  $("low").replaceChildren(...low.map((picture) => card(picture, picture.sentence)));
  $("left").replaceChildren(...left.map((picture) => card(picture, picture.why)));
  show("left-part", left.length > 0);
  load([...$("low").children, ...$("left").children], deck);
}

export function chosenParts() {
  return [...document.querySelectorAll("#low .chosen:checked")].map((box) => box.value);
}

export function showChoice() {
  const count = chosenParts().length;
  $("start").textContent = count ? `Make ${plural(count, "picture")} sharp` : "Nothing chosen";
  $("start").disabled = count === 0;
}

const STATES = {
  queued: "waiting",
  running: "at work…",
  done: "sharp",
  skipped: "left alone",
  failed: "failed",
  cancelled: "cancelled",
};

function showState(item, picture) {
  const chip = item.querySelector(".state");
  const words = STATES[picture.state];
  chip.hidden = false;
  chip.className = `state ${picture.state}`;
  chip.textContent = picture.state === "done" && picture.scale ? `${words}, ×${picture.scale}` : words;
  if (picture.why && picture.state !== "done") chip.textContent += `: ${picture.why}`;
}

/** The live state of a job: one bar, one sentence, one chip per picture. */
export function showJob(job) {
  const { counts } = job;
  const over = counts.done + counts.skipped + counts.failed + counts.cancelled;
  const ended = !["queued", "running"].includes(job.state);
  const bar = $("job-bar");
  bar.max = Math.max(1, counts.total);
  if (job.stage === "prepare" && !ended) bar.removeAttribute("value");
  else bar.value = ended ? bar.max : over;
  $("job-text").textContent = sentence(job, over);
  for (const item of document.querySelectorAll("#low .picture")) {
    item.querySelector(".chosen").disabled = true;
    const found = job.pictures.find((picture) => picture.parts.includes(item.dataset.part));
    if (found) showState(item, found);
    else item.querySelector(".state").hidden = true;
  }
  $("low").classList.add("started");
  show("choose", false);
  show("progress", !ended || job.state !== "done" || counts.failed > 0);
  show("cancel", !ended);
  show("retry", ended && (counts.failed > 0 || job.state !== "done"));
  show("result", job.state === "done");
  if (job.state === "done") showResult(job);
  tell(sentence(job, over));
}

function sentence(job, over) {
  const { counts } = job;
  if (job.state === "failed") return `The deck could not be finished. ${job.detail || ""}`;
  if (job.state === "cancelled") return "Cancelled. Nothing was changed.";
  if (job.state === "done" && counts.failed) return `${plural(counts.failed, "picture")} could not be made sharp.`;
  if (job.state === "done") return "Done.";
  if (job.stage === "prepare") return "Unpacking the pictures…";
  if (job.stage === "assemble") return "Putting the sharp pictures into the deck…";
  return `${over} of ${plural(counts.total, "picture")} finished…`;
}

function showResult(job) {
  const { counts, summary } = job;
  const swapped = summary?.pictures?.length ?? counts.done;
  $("result").classList.toggle("partly", counts.failed > 0 || !swapped);
  $("result-title").textContent = swapped
    ? `${plural(swapped, "picture is", "pictures are")} sharp now`
    : "No picture was changed";
  const growth = summary ? `The file went from ${size(summary.bytes_before)} to ${size(summary.bytes_after)}. ` : "";
  if (swapped) $("low-title").textContent = "Before and after";
  $("result-facts").textContent = `${growth}Everything else in the deck is as it was.`;
  show("download", Boolean(job.links.enhanced));
}

export function showBefore(item, address) {
  const image = item.querySelector(".before img");
  image.src = address;
  image.hidden = false;
}

export function showAfter(item, address) {
  const figure = item.querySelector(".after");
  const image = figure.querySelector("img");
  image.src = address;
  image.alt = `${item.querySelector(".before img").alt}, sharp`;
  figure.hidden = false;
  item.querySelector(".looks").classList.add("both");
}

export function showStart() {
  for (const id of ["scan-panel", "upload", "progress", "result", "error"]) show(id, false);
  show("choose");
  show("deck-panel");
  $("deck-form").reset();
}
