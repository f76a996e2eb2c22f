// Where slides cannot be replaced in place: the whole file goes out, a sharp copy comes back.

import * as api from "../server/api";
import { toBase64 } from "../opc/in-worker";
import { documentName, openCopy, readFile } from "../host/document";
import { openInBrowser } from "../host/windows";
import { type Message, message } from "../strings/message";
import { problemOf } from "./problems";
import { settings } from "./settings";

const RENEW_AGAIN_MS = 60_000; // the server was away when a link was to be renewed

export type Phase = "idle" | "reading" | "scanning" | "scanned" | "enhancing" | "opening" | "done";

export class SharpCopy {
  phase: Phase = "idle";
  problem: Message | undefined;
  deck: api.Deck | undefined;
  chosen = new Set<string>();
  /** Small views of the pictures, by part, as they come. */
  looks = new Map<string, Blob>();
  done = 0;
  total = 0;
  /** The copy, in case PowerPoint does not open it. */
  file: Blob | undefined;
  /** Links can save files here; elsewhere the browser saves the copy, by a link of the server. */
  canDownload = true;
  /** Where a browser gets the copy, for some minutes; renewed while the copy is in view. */
  link: api.Link | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private stop = new AbortController();

  constructor(
    private readonly changed: () => void,
    private readonly say: (words: Message) => void,
  ) {}

  get isBusy(): boolean {
    return !["idle", "scanned", "done"].includes(this.phase);
  }

  get low(): api.Picture[] {
    return (this.deck?.pictures ?? []).filter((picture) => picture.verdict === "low");
  }

  get copyName(): string {
    return documentName().replace(/(\.\w+)?$/, ".crisp.pptx");
  }

  reset(): void {
    this.stop.abort();
    this.deck = this.file = undefined;
    this.unlink();
    this.to("idle");
  }

  cancel(): void {
    this.stop.abort();
    this.say(message("deck.stopping"));
  }

  /** Hand the file in and see what is blurred. */
  async scan(): Promise<void> {
    await this.during("idle", async (signal) => {
      this.to("reading");
      const { max_deck_bytes: most } = await api.limits();
      const slices = await readFile(most, (fraction) => {
        this.progress(Math.round(fraction * 100), 100);
      });
      if (slices === undefined) {
        throw new CopyError(message("copy.too_large", { megabytes: Math.floor(most / 1e6) }));
      }
      signal.throwIfAborted();
      this.to("scanning");
      await this.forget();
      const file = new Blob(slices as Uint8Array<ArrayBuffer>[]);
      this.deck = await api.handIn(file, documentName(), settings(), signal);
      this.chosen = new Set(this.low.map((picture) => picture.part));
      this.to("scanned");
      this.say(message("copy.found", { count: this.low.length }));
      void this.loadLooks(this.deck);
    });
  }

  private async loadLooks(deck: api.Deck): Promise<void> {
    for (const picture of this.low) {
      if (this.deck !== deck || !picture.thumbnail_url) continue;
      const look = await api.thumbnail(deck.id, picture.number).catch(() => undefined);
      if (look === undefined) continue; // the row has its words
      this.looks.set(picture.part, look);
      this.changed();
    }
  }

  /** Have the chosen pictures made sharp, and open the copy. */
  async make(): Promise<void> {
    const { deck } = this;
    if (deck === undefined) return;
    await this.during("scanned", async (signal) => {
      this.to("enhancing");
      const started = await api.startJob(deck.id, [...this.chosen], settings(), signal);
      signal.addEventListener("abort", () => void api.cancel(started.id).catch(() => undefined));
      const job = await api.follow(
        started.id,
        ({ counts }) => {
          this.progress(counts.done + counts.skipped + counts.failed, counts.total);
        },
        signal,
      );
      if (job.state !== "done") throw new CopyError(message("copy.failed"));
      this.to("opening");
      this.file = await api.enhanced(deck.id, job.id, signal);
      if (!this.canDownload) await this.renewLink(deck.id, job.id);
      await this.open();
    });
  }

  /** Open the copy in a window of its own. */
  async open(): Promise<void> {
    if (this.file === undefined) return;
    try {
      await openCopy(await toBase64(this.file));
      this.say(message("copy.open"));
      this.problem = undefined;
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.to("done");
  }

  /** Keep a link that works: nobody waits for the server between click and browser. */
  private async renewLink(deckId: string, jobId: string): Promise<void> {
    this.link = await api.linkTo(deckId, jobId).catch(() => undefined);
    const leftMs = this.link ? Date.parse(this.link.expires_at) - Date.now() : 0;
    const again = () => void this.renewLink(deckId, jobId).then(this.changed);
    this.renewal = setTimeout(again, Math.max(RENEW_AGAIN_MS, leftMs / 2));
  }

  private unlink(): void {
    clearTimeout(this.renewal);
    this.link = undefined;
  }

  /** Let the browser save the copy; false where Office cannot open one, and the link itself must. */
  saveInBrowser(): boolean {
    return this.link !== undefined && openInBrowser(this.link.url);
  }

  /** The server need not keep the file of yesterday's scan. */
  private async forget(): Promise<void> {
    this.unlink();
    if (this.deck) await api.forget(this.deck.id).catch(() => undefined);
    this.deck = this.file = undefined;
    this.looks.clear();
  }

  private progress(done: number, total: number): void {
    this.done = done;
    this.total = total;
    this.changed();
  }

  private to(phase: Phase): void {
    this.phase = phase;
    this.changed();
  }

  private async during(back: Phase, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.problem = undefined;
    this.progress(0, 0);
    try {
      await work(signal);
    } catch (error) {
      if (this.stop.signal !== signal) return; // another run has begun meanwhile
      if (signal.aborted) this.problem = message("deck.stopped");
      else this.problem = error instanceof CopyError ? error.words : problemOf(error);
      this.say(this.problem);
      this.to(back);
    }
  }
}

/** What has words of its own. */
class CopyError extends Error {
  constructor(readonly words: Message) {
    super(words.key);
    this.name = "CopyError";
  }
}
