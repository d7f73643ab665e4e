import type { LiveFrame } from './frame';

interface Job {
  frame: LiveFrame;
  done: () => void;
}

/** Draws pictures on a canvas, one after another, off the main thread as far as the browser can. Where they come faster
 * than they are drawn the newest wins. */
export class Painter {
  private busy = false;
  private waiting: Job | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onDrawn: (frame: LiveFrame) => void,
  ) {}

  draw(frame: LiveFrame, done: () => void): void {
    this.waiting?.done();
    this.waiting = { frame, done };
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.waiting !== undefined) {
      const { frame, done } = this.waiting;
      this.waiting = undefined;
      if (await this.paint(frame)) this.onDrawn(frame);
      done();
    }
    this.busy = false;
  }

  /** Whether the picture could be drawn; a broken one is left out. */
  private async paint({ jpeg }: LiveFrame): Promise<boolean> {
    try {
      const bitmap = await createImageBitmap(jpeg);
      if (this.canvas.width !== bitmap.width) this.canvas.width = bitmap.width;
      if (this.canvas.height !== bitmap.height) this.canvas.height = bitmap.height;
      this.canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      bitmap.close();
      return true;
    } catch {
      return false;
    }
  }
}
