export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** How the drawing lies in its frame: a point of it appears at `point * zoom + offset`, in pixels of the frame. */
export interface Camera {
  zoom: number;
  x: number;
  y: number;
}

const smallest = 0.1;
const largest = 8;
const margin = 16;
const surroundings = 90;

/** The whole drawing in the middle of the frame, and never larger than life. */
export function fit(drawing: Size, frame: Size): Camera {
  const room = { width: frame.width - 2 * margin, height: frame.height - 2 * margin };
  const zoom = clamp(Math.min(room.width / drawing.width, room.height / drawing.height, 1.25));
  return {
    zoom,
    x: (frame.width - drawing.width * zoom) / 2,
    y: (frame.height - drawing.height * zoom) / 2,
  };
}

/** Zooms by a factor; what is at `anchor`, in pixels of the frame, stays where it is. */
export function zoomAt(camera: Camera, factor: number, anchor: Point): Camera {
  const zoom = clamp(camera.zoom * factor);
  const ratio = zoom / camera.zoom;
  return { zoom, x: anchor.x - (anchor.x - camera.x) * ratio, y: anchor.y - (anchor.y - camera.y) * ratio };
}

export function panBy(camera: Camera, by: Point): Camera {
  return { ...camera, x: camera.x + by.x, y: camera.y + by.y };
}

/** Moves just as much as brings a rectangle of the drawing, and something of what is around it, into the frame. */
export function reveal(camera: Camera, rectangle: Point & Size, frame: Size): Camera {
  return {
    ...camera,
    x: camera.x + shift(camera.x + rectangle.x * camera.zoom, rectangle.width * camera.zoom, frame.width),
    y: camera.y + shift(camera.y + rectangle.y * camera.zoom, rectangle.height * camera.zoom, frame.height),
  };
}

function shift(start: number, length: number, room: number): number {
  const around = Math.min(surroundings, (room - length) / 2);
  if (around < margin) return room / 2 - (start + length / 2);
  if (start < around) return around - start;
  return Math.min(0, room - around - (start + length));
}

function clamp(zoom: number): number {
  return Math.min(largest, Math.max(smallest, zoom));
}

/** Where the drawing has to begin for `centre` to be in the middle, as far as no room is wasted at its ends. */
function middled(centre: number, length: number, room: number, zoom: number): number {
  const least = room - margin - length * zoom;
  if (least > margin) return (room - length * zoom) / 2;
  return Math.max(least, Math.min(margin, room / 2 - centre * zoom));
}

/** A character smaller than this, in pixels, cannot be read. */
const readablePixels = 9;

/** All of it where it can be read then; else as large as that takes, with the current part in the middle. */
export function opening(
  drawing: Size & { fontSize: number },
  frame: Size,
  current: (Point & Size) | null,
): Camera {
  const whole = fit(drawing, frame);
  const zoom = readablePixels / drawing.fontSize;
  if (whole.zoom >= zoom) return whole;
  const { x, y, width, height } = current ?? { x: 0, y: 0, ...drawing };
  return {
    zoom,
    x: middled(x + width / 2, drawing.width, frame.width, zoom),
    y: middled(y + height / 2, drawing.height, frame.height, zoom),
  };
}
