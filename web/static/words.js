// How numbers are said to people; knows neither the server nor the page.

/**
 * @param {number} count
 * @param {string} one
 */
export const plural = (count, one, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

/**
 * Bytes as crispdeck/words/numbers.py says them; tests/sizes.json tests both.
 * @param {number} bytes
 */
export function size(bytes) {
  let [amount, unit] = [bytes, 0];
  for (; amount >= 999.5; unit++) amount /= 1000;
  const isWhole = unit < 2 || amount >= 99.95;
  return `${amount.toFixed(isWhole ? 0 : 1)} ${UNITS[unit]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 5) return "a few seconds";
  if (seconds < 50) return `about ${Math.ceil(seconds / 5) * 5} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return minutes <= 1 ? "about a minute" : `about ${minutes} minutes`;
  return `about ${Math.round(seconds / 3600)} hours`;
}

/** @param {number} count */
export function days(count) {
  return count === 1 ? "one day" : `${count} days`;
}

/** @param {string | undefined} time in ISO 8601 */
export function when(time) {
  return new Date(time ?? "").toLocaleString("en", {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/**
 * "Slide 3" or "Slides 2, 4 and 7".
 * @param {number[]} numbers
 */
export function slides(numbers) {
  if (!numbers.length) return "Not on a slide";
  if (numbers.length === 1) return `Slide ${numbers[0]}`;
  const shown =
    numbers.length > 4 ? [...numbers.slice(0, 3), `${numbers.length - 3} more`] : numbers;
  return `Slides ${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/**
 * Begin a sentence of the server with a capital letter.
 * @param {string} text
 */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
