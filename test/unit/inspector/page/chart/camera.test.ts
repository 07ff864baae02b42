import { describe, expect, it } from 'vitest';
import { fit, opening, panBy, reveal, zoomAt } from '../../../../../src/inspector/page/chart/camera.js';

const frame = { width: 400, height: 300 };
const drawing = { width: 1_000, height: 400 };

describe('the camera', () => {
  it('fits the whole drawing in the middle', () => {
    const camera = fit(drawing, frame);
    expect(camera.zoom).toBeCloseTo(0.368);
    expect(camera.x).toBeCloseTo(16);
    expect(camera.y + (drawing.height * camera.zoom) / 2).toBeCloseTo(150);
  });

  it('keeps what is under the pointer where it is', () => {
    const before = { zoom: 0.5, x: 10, y: 20 };
    const anchor = { x: 110, y: 70 };
    const after = zoomAt(before, 3, anchor);
    expect((anchor.x - after.x) / after.zoom).toBeCloseTo((anchor.x - before.x) / before.zoom);
    expect((anchor.y - after.y) / after.zoom).toBeCloseTo((anchor.y - before.y) / before.zoom);
  });

  it('opens on all of a small drawing, and on the current state of one that could not be read', () => {
    expect(opening({ width: 300, height: 200, fontSize: 12 }, frame, null)).toEqual(
      fit({ width: 300, height: 200 }, frame),
    );
    const current = { x: 500, y: 300, width: 100, height: 40 };
    const { zoom, x, y } = opening({ ...drawing, fontSize: 12 }, frame, current);
    expect(zoom * 12).toBeCloseTo(9);
    expect(550 * zoom + x).toBeCloseTo(200);
    expect(y + drawing.height * zoom).toBeCloseTo(frame.height - 16);
  });

  it('zooms neither into nothing nor out of sight', () => {
    const camera = { zoom: 1, x: 0, y: 0 };
    expect(zoomAt(camera, 1e9, { x: 0, y: 0 }).zoom).toBe(8);
    expect(zoomAt(camera, 1e-9, { x: 0, y: 0 }).zoom).toBe(0.1);
  });

  it('moves no more than needed to show a state', () => {
    const camera = panBy({ zoom: 1, x: 0, y: 0 }, { x: 5, y: 0 });
    expect(reveal(camera, { x: 100, y: 95, width: 100, height: 50 }, frame)).toEqual(camera);
    const moved = reveal(camera, { x: 600, y: 95, width: 100, height: 50 }, frame);
    expect(moved.x + 700).toBe(frame.width - 90);
    expect(moved.y).toBe(0);
  });
});
