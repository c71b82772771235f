// What a signature is made of: strokes of points between 0 and 1. Pure, so that node can test it.

export const RATIO = 2.6; // of width to height
export const WIDTH = 900; // of the picture that is kept

/** How far the pen travelled, in widths of the pad. */
export function inkOf(strokes) {
  let length = 0;
  for (const points of strokes) {
    for (let at = 1; at < points.length; at += 1) {
      length += Math.hypot(points[at][0] - points[at - 1][0], (points[at][1] - points[at - 1][1]) / RATIO);
    }
  }
  return length;
}

/** A dot or a slip of the finger is no signature. */
export const isSigned = (strokes) => inkOf(strokes) >= 0.25;

export function pointOf(event, box) {
  const within = (value) => Math.min(1, Math.max(0, value));
  return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
}

/** Draw on white, smooth, in proportion to the size of the picture. */
export function draw(context, width, strokes, typed = "") {
  const height = Math.round(width / RATIO);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.fillStyle = context.strokeStyle = "#10151a";
  context.lineWidth = Math.max(2, width / 180);
  context.lineCap = context.lineJoin = "round";
  if (typed) {
    const size = Math.min(height * 0.5, (width * 0.85) / Math.max(2, typed.length));
    context.font = `italic ${size}px serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(typed, width / 2, height / 2);
  }
  for (const points of strokes) {
    const at = (point) => [point[0] * width, point[1] * height];
    context.beginPath();
    context.moveTo(...at(points[0]));
    if (points.length === 1) context.lineTo(at(points[0])[0] + 0.1, at(points[0])[1]);
    for (let n = 1; n < points.length; n += 1) {
      const [x, y] = at(points[n - 1]);
      const [nextX, nextY] = at(points[n]);
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    context.stroke();
  }
}
