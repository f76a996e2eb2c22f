// Names for what the pages' scripts pass around. Only the type check reads this; nothing is served.

type Schemas = import("./api").components["schemas"];

type Batch = Schemas["BatchOut"];
type Choices = Schemas["Choices"];
type Deck = Schemas["DeckOut"];
type Estimate = Schemas["Estimate"];
type Job = Schemas["JobDetail"] & { summary: JobSummary | null };
type Limits = Schemas["Limits"];
type PictureOfDeck = Schemas["PictureOut"];
type PictureOfJob = Schemas["JobPicture"];
type Placement = Schemas["PlacementOut"];
type Revertable = Schemas["RevertableOut"];
type SwappedPicture = Schemas["SwappedPicture"];
type Upload = Schemas["UploadOut"];

/** What a deck job says at its end. */
interface JobSummary {
  pictures?: SwappedPicture[];
  bytes_before?: number;
  bytes_after?: number;
}

/** A deck as a row of its batch. */
type DeckRow = Omit<Schemas["DeckBrief"], "scan"> & {
  scan: {
    slides: number;
    low: number;
    low_px?: number | null;
    worst_ppi?: number | null;
    worst_sentence: string;
    options?: Partial<Choices>;
  };
};

/** A job as far as one line about it needs it. */
type JobInBrief = Pick<
  Schemas["JobBrief"],
  "state" | "stage" | "detail" | "counts" | "changed" | "kept"
> & {
  bytes_before?: number | null;
  bytes_after?: number | null;
};

/** What the server says of a batch: all of it (`whole`), or the members that changed. */
type BatchChange = Partial<Omit<Batch, "decks">> & {
  decks?: DeckRow[];
  decks_gone?: string[];
  uploads_gone?: string[];
  whole?: boolean;
};

/** The batch that is open on the page. */
type OpenBatch = Omit<Batch, "decks" | "uploads"> & {
  decks: Map<string, DeckRow>;
  uploads: Map<string, Upload>;
};

/** A file that people chose or dropped, and the folder that it lies in ("" for none). */
interface FoundFile {
  file: File;
  folder: string;
}

/** One deck on its way to the server. */
interface UploadEntry {
  /** "" until the server has given one */
  id: string;
  batch: string;
  file: File | null;
  name: string;
  folder: string;
  size: number;
  sent: number;
  state: "waiting" | "sending" | "looking" | "lost" | "done" | "refused" | "stopped" | "left";
  why: string;
  /** the connection broke off: the server must be asked how much it has */
  unsure?: boolean;
  /** under which its copy is kept in this browser until the server knows it */
  drop?: string;
  /** a reload finds the file again */
  isKept?: boolean;
  /** stops this one alone */
  stop?: AbortController;
}

/** An error as the page shows it; what the API throws and what the page itself finds. */
type ShownError = Partial<Omit<import("../static/api.js").Problem, "message">> & {
  message: string;
};

/** Work that a click begins; what goes wrong in it is said in words. */
type Act = (work: (event: any) => unknown) => (event?: unknown) => Promise<void>;

/** Elements of the templates by their id; tests/wiring holds the two together. */
interface PageElements {
  again: "button";
  "all-bar": "progress";
  "all-progress": "div";
  "all-result": "div";
  "all-result-facts": "p";
  "all-result-title": "h3";
  "all-slides": "button";
  "all-text": "label";
  back: "button";
  "batch-facts": "p";
  "batch-panel": "section";
  "batch-template": "template";
  "batch-title": "h2";
  cancel: "button";
  "cancel-all": "button";
  "change-key": "button";
  choose: "form";
  "choose-title": "legend";
  code: "output";
  "code-hint": "p";
  "code-part": "div";
  connect: "input";
  "connect-title": "h2";
  "deck-field": "input";
  "deck-form": "form";
  "deck-limits": "p";
  "deck-panel": "section";
  "deck-template": "template";
  "deck-title": "h2";
  decks: "ul";
  "decks-find": "input";
  "decks-sort": "select";
  "decks-tools": "div";
  delete: "button";
  divider: "span";
  "domain-hint": "input";
  download: "button";
  "download-all": "button";
  drop: "div";
  earlier: "div";
  "earlier-list": "ul";
  "earlier-more": "button";
  "earlier-title": "h3";
  error: "div";
  "error-close": "button";
  "error-detail": "span";
  "error-title": "strong";
  estimate: "p";
  flip: "button";
  "folder-field": "input";
  "full-screen": "button";
  "install-title": "h2";
  intro: "section";
  "job-bar": "progress";
  "job-text": "label";
  "key-back": "button";
  "key-field": "input";
  "key-form": "form";
  "key-hint": "p";
  "key-panel": "section";
  "key-title": "h2";
  "label-after": "span";
  "label-before": "span";
  layouts: "input";
  left: "ul";
  "left-part": "details";
  "left-title": "summary";
  live: "p";
  low: "ul";
  "low-part": "div";
  "low-title": "h3";
  main: "main";
  more: "button";
  notify: "button";
  offline: "p";
  otherwise: "button";
  pair: "div";
  "picture-template": "template";
  preset: "select";
  problem: "p";
  progress: "div";
  refused: "ul";
  "refused-close": "button";
  "refused-panel": "section";
  "refused-title": "h2";
  report: "button";
  "report-slides": "button";
  result: "div";
  "result-facts": "p";
  "result-title": "h3";
  retry: "button";
  "revert-close": "button";
  "revert-facts": "p";
  "revert-field": "input";
  "revert-form": "form";
  "revert-go": "button";
  "revert-list": "ul";
  "revert-panel": "section";
  "revert-sharper": "button";
  "revert-template": "template";
  "revert-title": "h2";
  "review-accept": "button";
  "review-comment": "textarea";
  "review-deck-title": "h2";
  "review-decks": "ul";
  "review-facts": "p";
  "review-form": "form";
  "review-list-panel": "section";
  "review-panel": "section";
  "review-refuse": "button";
  "review-said": "p";
  "review-template": "template";
  "review-title": "h1";
  "reviews-copy": "button";
  "reviews-days": "select";
  "reviews-form": "form";
  "reviews-link": "input";
  "reviews-list": "ul";
  "reviews-made": "div";
  "reviews-make": "button";
  "reviews-name": "input";
  "reviews-part": "details";
  "reviews-template": "template";
  "reviews-title": "summary";
  sample: "button";
  "sample-offer": "div";
  "scan-facts": "p";
  "scan-panel": "section";
  "scan-title": "h2";
  "show-code": "button";
  "slide-template": "template";
  slides: "ol";
  "slides-part": "div";
  "slides-title": "h3";
  split: "input";
  stage: "div";
  "stage-after": "img";
  "stage-before": "img";
  "stage-keep": "button";
  "stage-keys": "p";
  "stage-next": "button";
  "stage-numbers": "p";
  "stage-part": "section";
  "stage-previous": "button";
  "stage-sketch": "p";
  "stage-title": "h3";
  "stage-wait": "p";
  start: "button";
  confirm: "dialog";
  "confirm-no": "button";
  "confirm-text": "p";
  "confirm-title": "h2";
  "confirm-yes": "button";
  target: "select";
  title: "h1";
  "upload-stop": "button";
  "zip-report": "select";
  "zoom-100": "button";
  "zoom-200": "button";
  "zoom-fit": "button";
}
