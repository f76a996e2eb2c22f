// The charts of the overview: series from the server, drawn by uPlot, in the colours of the page.

import { within } from "../dom.js";

const REFRESH_MS = 10_000;
const HEIGHT_PX = 200;
const region = /** @type {HTMLElement} */ (document.querySelector("[data-figures]"));
const dark = matchMedia("(prefers-color-scheme: dark)");
/** @type {Map<HTMLElement, uPlot>} */
const plots = new Map();

/**
 * What the server answered last: times in seconds, and for each chart its lines by their names.
 * @type {{at: number[], charts: Record<string, Record<string, (number | null)[]>>} | null}
 */
let latest = null;

/** Lines that can be told apart without colour: each has its own dash, and the legend its name. */
const DASHES = [[], [6, 4], [2, 3]];
const BORDERS = ["solid", "dashed", "dotted"];
const DAY_S = 86_400;

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");
/** @param {Date} at */
const hourOf = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
/** @param {Date} at */
const dayOf = (at) => at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });

/**
 * The ticks of the time axis: hours, with the day below where one begins; or days alone.
 * @type {(plot: uPlot, ticks: number[], axis: number, space: number, step_s: number) => string[]}
 */
function times(_, ticks, _axis, _space, step_s) {
  return ticks.map((tick, index) => {
    const at = new Date(tick * 1000);
    if (step_s >= DAY_S) return dayOf(at);
    const begins = index === 0 || at.getDate() !== new Date(ticks[index - 1] * 1000).getDate();
    return begins ? `${hourOf(at)}\n${dayOf(at)}` : hourOf(at);
  });
}

/**
 * Values with nothing beside them make no line: they are drawn as dots.
 * @type {(plot: uPlot, series: number, isEach: boolean) => number[] | null}
 */
function lonely(plot, series, isEach) {
  if (isEach) return null;
  const values = plot.data[series];
  /** @param {number} i */
  const isThere = (i) => (values[i] ?? null) !== null;
  return Array.from(values, (_, i) => i).filter(
    (i) => isThere(i) && !isThere(i - 1) && !isThere(i + 1),
  );
}

/**
 * While nothing is pointed at, the legend tells the latest figures.
 * @param {uPlot} plot
 */
function rest(plot) {
  if ((plot.cursor.idx ?? null) !== null) return;
  const [at, ...lines] = plot.data;
  const last = [...at].findLastIndex((_, i) => lines.some((line) => (line[i] ?? null) !== null));
  if (last >= 0) plot.setLegend({ idx: last }, false);
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    lines: [of("--accent"), of("--good"), of("--bad")],
    soft: of("--soft"),
    line: of("--line"),
  };
}

/** @param {number | null | undefined} value */
function shorten(value) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  return value >= 100
    ? value.toLocaleString("en", { maximumFractionDigits: 0 })
    : String(Number(value.toPrecision(3)));
}

/**
 * @param {string[]} names of the lines
 * @param {number} width in CSS pixels
 * @returns {uPlot.Options}
 */
function optionsOf(names, width) {
  const { lines, soft, line } = colours();
  const axis = {
    stroke: soft,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
  };
  return {
    width,
    height: HEIGHT_PX,
    cursor: { y: false },
    legend: { markers: { width: 2, dash: (_, series) => BORDERS[(series - 1) % BORDERS.length] } },
    hooks: { setCursor: [rest], ready: [rest] },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      { ...axis, space: 70, values: times },
      { ...axis, size: 52, values: (_, ticks) => ticks.map(shorten) },
    ],
    series: [
      {
        value: (_, at) =>
          at === null ? "–" : `${dayOf(new Date(at * 1000))}, ${hourOf(new Date(at * 1000))}`,
      },
      ...names.map((name, index) => ({
        label: name,
        stroke: lines[index % lines.length],
        dash: DASHES[index % DASHES.length],
        width: 2,
        points: { size: 5, fill: lines[index % lines.length], filter: lonely },
        spanGaps: false,
        /** @type {(plot: uPlot, value: number) => string} */
        value: (_, value) => shorten(value),
      })),
    ],
  };
}

/**
 * @param {HTMLElement} figure
 * @param {number[]} at times in seconds
 * @param {Record<string, (number | null)[]>} lines
 */
function draw(figure, at, lines) {
  const plot = within(figure, ".plot");
  const names = Object.keys(lines);
  const values = Object.values(lines);
  const isEmpty = values.every((line) => line.every((value) => !value));
  within(figure, ".empty").hidden = !isEmpty;
  const known = plots.get(figure);
  if (known) {
    known.setData([at, ...values]);
    return rest(known);
  }
  plots.set(figure, new uPlot(optionsOf(names, plot.clientWidth), [at, ...values], plot));
}

function drawAll() {
  if (!latest) return;
  /** @type {NodeListOf<HTMLElement>} */
  const figures = region.querySelectorAll("[data-chart]");
  for (const figure of figures) draw(figure, latest.at, latest.charts[figure.dataset.chart ?? ""]);
  region.dataset.drawn = String(latest.at.at(-1));
}

function drawAnew() {
  for (const plot of plots.values()) plot.destroy();
  plots.clear();
  drawAll();
}

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch(region.dataset.figures ?? "", {
        headers: { Accept: "application/json" },
      });
      if (answer.ok && !answer.redirected) {
        latest = await answer.json();
        drawAll();
      }
    } catch {
      // The page itself says that the server does not answer.
    }
  }
  setTimeout(refresh, REFRESH_MS);
}

new ResizeObserver(() => {
  for (const [figure, plot] of plots) {
    const width = within(figure, ".plot").clientWidth;
    if (width && width !== plot.width) plot.setSize({ width, height: HEIGHT_PX });
  }
}).observe(region);
dark.addEventListener("change", drawAnew);
refresh();
