// When to look at the slide in view. Events first: on the web every read may make PowerPoint save
// the file (office-js 6740). Only where no event comes (Mac 16.94, office-js 5390) it is asked
// again and again, ever more rarely while nothing changes.

const FIRST_MS = 3_000;
const MOST_MS = 30_000;
const GROWTH = 1.5;

export class Watch {
  private waitMs = FIRST_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private hasEvents: boolean;

  /** `glance` says whether it saw something new. */
  constructor(
    private readonly glance: (isEvent: boolean) => Promise<boolean>,
    platform: string,
  ) {
    this.hasEvents = platform === "OfficeOnline";
  }

  start(): void {
    for (const event of ["focus", "visibilitychange"]) {
      addEventListener(event, () => {
        if (document.visibilityState === "visible") this.wake();
      });
    }
    this.wake();
  }

  /** PowerPoint said that the selection changed. */
  onEvent(): void {
    this.hasEvents = true;
    clearTimeout(this.timer);
    void this.glance(true);
  }

  private wake(): void {
    this.waitMs = FIRST_MS;
    void this.look();
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    const isNew = document.visibilityState === "visible" && (await this.glance(false));
    clearTimeout(this.timer);
    if (this.hasEvents) return;
    this.waitMs = isNew ? FIRST_MS : Math.min(MOST_MS, this.waitMs * GROWTH);
    this.timer = setTimeout(() => void this.look(), this.waitMs);
  }
}
