// Finds where two pictures of the same size differ most; knows pixels alone.

const CELL_PX = 16;

/**
 * Sum up in cells how much two pictures differ.
 * @param {Uint8ClampedArray} before RGBA
 * @param {Uint8ClampedArray} after RGBA, as many
 * @param {number} width in pixels
 * @param {number} height
 * @returns {{sums: Float64Array, columns: number, rows: number}}
 */
function cells(before, after, width, height) {
  const columns = Math.max(1, Math.ceil(width / CELL_PX));
  const rows = Math.max(1, Math.ceil(height / CELL_PX));
  const sums = new Float64Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / CELL_PX) * columns;
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      // Green stands for brightness: it is seven tenths of it (ITU-R BT.709).
      sums[row + Math.floor(x / CELL_PX)] += Math.abs(before[at + 1] - after[at + 1]);
    }
  }
  return { sums, columns, rows };
}

/**
 * Give the middle of the window in which they differ most, in pixels; null where they do not.
 * @param {Uint8ClampedArray} before RGBA
 * @param {Uint8ClampedArray} after RGBA, as many
 * @param {{width: number, height: number}} size of both
 * @param {{width: number, height: number}} view of the window, in pixels
 * @returns {{x: number, y: number, sum: number} | null} `sum` over the window, in levels of 0 to 255
 */
export function largestChange(before, after, size, view) {
  const { sums, columns, rows } = cells(before, after, size.width, size.height);
  const wide = Math.min(columns, Math.max(1, Math.round(view.width / CELL_PX)));
  const high = Math.min(rows, Math.max(1, Math.round(view.height / CELL_PX)));
  // Sums over everything above and to the left: each window is then four of them.
  const stride = columns + 1;
  const total = new Float64Array(stride * (rows + 1));
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      total[(row + 1) * stride + column + 1] =
        sums[row * columns + column] +
        total[row * stride + column + 1] +
        total[(row + 1) * stride + column] -
        total[row * stride + column];
  /** @type {{x: number, y: number} | null} */
  let best = null;
  let most = 0;
  for (let top = 0; top + high <= rows; top++) {
    for (let left = 0; left + wide <= columns; left++) {
      const [below, right] = [top + high, left + wide];
      const sum =
        total[below * stride + right] -
        total[top * stride + right] -
        total[below * stride + left] +
        total[top * stride + left];
      if (sum <= most) continue;
      most = sum;
      best = { x: (left + wide / 2) * CELL_PX, y: (top + high / 2) * CELL_PX };
    }
  }
  return best && { x: Math.min(best.x, size.width), y: Math.min(best.y, size.height), sum: most };
}
