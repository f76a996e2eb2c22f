// Made from /api/openapi.json by `make apitypes`; not to be edited.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * BatchListed
         * @description A batch in a list.
         */
        BatchListed: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decks */
            decks: number;
            /**
             * Done
             * @description decks whose latest job has ended well
             */
            done: number;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * First Deck
             * @description id of the first deck, for its likeness
             */
            first_deck: string | null;
            /** Id */
            id: string;
            /** Links */
            links: {
                [key: string]: string;
            };
            /**
             * Names
             * @description of its first decks, three at most
             */
            names: string[];
            /**
             * Open
             * @description decks in work, or waiting for it
             */
            open: number;
            options: components["schemas"]["Choices"];
            /**
             * Size Bytes
             * @description of all decks as handed in
             */
            size_bytes: number;
        };
        /**
         * BatchOut
         * @description A batch and all that lies in it.
         */
        BatchOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decks */
            decks: components["schemas"]["DeckBrief"][];
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /** Links */
            links: {
                [key: string]: string;
            };
            options: components["schemas"]["Choices"];
            /**
             * Uploads
             * @description on their way, or refused
             */
            uploads: components["schemas"]["UploadOut"][];
        };
        /**
         * BatchPage
         * @description Some batches, newest first.
         */
        BatchPage: {
            /** Items */
            items: components["schemas"]["BatchListed"][];
            /** Next After */
            next_after: string | null;
        };
        /**
         * BatchSummary
         * @description A batch without its decks.
         */
        BatchSummary: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /** Links */
            links: {
                [key: string]: string;
            };
            options: components["schemas"]["Choices"];
        };
        /**
         * Choices
         * @description What is asked of all decks of a batch.
         */
        Choices: {
            /**
             * Crispness
             * @description steepness of edges, 0 (soft) to 1, within what faithfulness allows; as this installation is set if left out
             * @default null
             */
            crispness: number | null;
            /**
             * Layouts
             * @default false
             */
            layouts: boolean;
            /**
             * Low Ppi
             * @default 110
             */
            low_ppi: number;
            /**
             * Max Scale
             * @default 4
             * @enum {integer}
             */
            max_scale: 2 | 4;
            /**
             * Target Ppi
             * @default 220
             */
            target_ppi: number;
            /**
             * True Size
             * @default true
             */
            true_size: boolean;
        };
        /**
         * Counts
         * @description How many pictures stand where.
         */
        Counts: {
            /** Cancelled */
            cancelled: number;
            /** Done */
            done: number;
            /** Failed */
            failed: number;
            /** Queued */
            queued: number;
            /** Running */
            running: number;
            /** Skipped */
            skipped: number;
            /** Total */
            total: number;
        };
        /**
         * DeckBrief
         * @description A deck of a batch.
         */
        DeckBrief: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Folder */
            folder: string;
            /** Id */
            id: string;
            job: components["schemas"]["JobBrief"] | null;
            /** Name */
            name: string;
            scan: components["schemas"]["ScanSummary"];
            /** Size Bytes */
            size_bytes: number;
            /**
             * Waits
             * @description asked for, and begun by itself as soon as a job is free
             */
            waits: boolean;
        };
        /**
         * DeckOut
         * @description A deck with all that the scan found.
         */
        DeckOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /** Links */
            links: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /** Pictures */
            pictures: components["schemas"]["PictureOut"][];
            /** Placements */
            placements: components["schemas"]["PlacementOut"][];
            scan: components["schemas"]["ScanOut"];
            /** Sha256 */
            sha256: string;
            /** Size Bytes */
            size_bytes: number;
        };
        /**
         * DownloadKind
         * @description What can be downloaded by a link.
         * @enum {string}
         */
        DownloadKind: "deck" | "report" | "zip";
        /**
         * DownloadLink
         * @description A link that needs no key.
         */
        DownloadLink: {
            /**
             * Expires At
             * Format: date-time
             * @description until then the download must have begun
             */
            expires_at: string;
            /** Url */
            url: string;
        };
        /**
         * DownloadRequest
         * @description What to make a link for.
         */
        DownloadRequest: {
            /**
             * Id
             * @description of the deck, or of the batch for a zip
             */
            id: string;
            /**
             * Job
             * @description of a deck; the latest finished one if left out
             * @default null
             */
            job: string | null;
            kind: components["schemas"]["DownloadKind"];
            /**
             * Report
             * @description of a deck; with a zip, which lies beside each deck
             * @default html
             * @enum {string}
             */
            report: "html" | "pptx" | "json" | "none";
        };
        /**
         * Estimate
         * @description What the work on a batch will take, by what was measured here.
         */
        Estimate: {
            /** Bytes After */
            bytes_after: number;
            /** Bytes Before */
            bytes_before: number;
            /**
             * Measured Pictures
             * @description that the figures rest on; 0: they are guesses
             */
            measured_pictures: number;
            /** Megapixels */
            megapixels: number;
            /**
             * Pictures
             * @description different ones; equal pictures are made once
             */
            pictures: number;
            /** Seconds */
            seconds: number;
            /**
             * Waiting S
             * @description for what others have asked for before
             */
            waiting_s: number;
        };
        /**
         * Faithful
         * @description How an upscale agrees with its original; see docs/faithfulness.md.
         */
        Faithful: {
            /**
             * Alpha Kept
             * @description clear and solid areas are exactly so
             */
            alpha_kept: boolean;
            /**
             * Budget Share Clipped
             * @description share of samples held back, 0 to 1
             */
            budget_share_clipped: number;
            /**
             * Budget Used Max
             * @description largest departure from interpolation, of its bound
             */
            budget_used_max: number;
            /**
             * Coarse Db
             * @description the same after a low-pass of two small pixels
             */
            coarse_db: number;
            /**
             * Colour Shift Levels
             * @description largest change of a block's mean, of 255
             */
            colour_shift_levels: number;
            /**
             * Consistency
             * @description what was promised
             * @enum {string}
             */
            consistency: "exact" | "low_frequency";
            /**
             * Failed
             * @description checks that the network's picture failed; interpolation took its place
             */
            failed: string[];
            /**
             * Over Budget Levels
             * @description most beyond a bound, of 255; at most 1
             */
            over_budget_levels: number;
            /**
             * Shrinks Back Db
             * @description PSNR of the original against the upscale shrunk
             */
            shrinks_back_db: number;
        };
        /**
         * JobBrief
         * @description A deck's latest job.
         */
        JobBrief: {
            /** Bytes After */
            bytes_after: number | null;
            /** Bytes Before */
            bytes_before: number | null;
            /**
             * Changed
             * @description pictures that the new deck holds
             */
            changed: number;
            /** Code */
            code: string | null;
            counts: components["schemas"]["Counts"];
            /** Detail */
            detail: string | null;
            /** Id */
            id: string;
            /**
             * Kept
             * @description of these, how many shall have their original bytes after all
             */
            kept: number;
            options: components["schemas"]["Choices"];
            stage: components["schemas"]["Stage"];
            state: components["schemas"]["JobState"];
        };
        /**
         * JobDetail
         * @description A job with its pictures.
         */
        JobDetail: {
            /** Code */
            code: string | null;
            counts: components["schemas"]["Counts"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Deck Id */
            deck_id: string | null;
            /** Detail */
            detail: string | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: string;
            /**
             * Kept
             * @description parts that keep their original bytes after all
             */
            kept: string[];
            kind: components["schemas"]["JobKind"];
            links: components["schemas"]["JobLinks"];
            options: components["schemas"]["JobOptionsOut"];
            /** Pictures */
            pictures: components["schemas"]["JobPicture"][];
            /**
             * Size Bytes
             * @description of the enhanced deck
             */
            size_bytes: number | null;
            stage: components["schemas"]["Stage"];
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["JobState"];
            summary: components["schemas"]["JobSummary"] | null;
        };
        /**
         * JobKind
         * @description What a job works on.
         * @enum {string}
         */
        JobKind: "deck" | "picture";
        /**
         * JobLinks
         * @description Where to go from a job.
         */
        JobLinks: {
            /**
             * Deck
             * @default null
             */
            deck: string | null;
            /**
             * Enhanced
             * @default null
             */
            enhanced: string | null;
            /** Events */
            events: string;
            /**
             * Report
             * @default null
             */
            report: string | null;
            /**
             * Result
             * @default null
             */
            result: string | null;
            /** Self */
            self: string;
            /** Stream */
            stream: string;
        };
        /**
         * JobOptionsOut
         * @description What a job was asked for.
         */
        JobOptionsOut: {
            /**
             * Crispness
             * @default null
             */
            crispness: number | null;
            /**
             * Layouts
             * @default false
             */
            layouts: boolean;
            /**
             * Low Ppi
             * @default 110
             */
            low_ppi: number;
            /**
             * Max Scale
             * @default 4
             */
            max_scale: number;
            /**
             * Pictures
             * @description part names; null: all that are low
             * @default null
             */
            pictures: string[] | null;
            /** @default bulk */
            queue: components["schemas"]["QueueName"];
            /**
             * Strip
             * @default false
             */
            strip: boolean;
            /**
             * Target Ppi
             * @default 220
             */
            target_ppi: number;
            /**
             * True Size
             * @default true
             */
            true_size: boolean;
        };
        /**
         * JobPicture
         * @description One distinct picture of a job, and the parts of the deck that hold it.
         */
        JobPicture: {
            /** Bytes After */
            bytes_after: number | null;
            /** Bytes Before */
            bytes_before: number | null;
            /** Code */
            code: string | null;
            /** Height Px */
            height_px: number | null;
            /** Id */
            id: string;
            /** New Height Px */
            new_height_px: number | null;
            /** New Width Px */
            new_width_px: number | null;
            /** Parts */
            parts: string[];
            /** Result Url */
            result_url: string | null;
            /** Scale */
            scale: number | null;
            state: components["schemas"]["PictureState"];
            /** Thumbnail Url */
            thumbnail_url: string | null;
            /** @description how it was made, and what was measured */
            upscale: components["schemas"]["UpscaleReport"] | null;
            /** Why */
            why: string;
            /** Width Px */
            width_px: number | null;
        };
        /**
         * JobState
         * @description Where a job stands: queued until somebody first took it, then running until it ends.
         * @enum {string}
         */
        JobState: "queued" | "running" | "done" | "failed" | "cancelled";
        /**
         * JobSummary
         * @description What a deck job did.
         */
        JobSummary: {
            /**
             * Bytes After
             * @default null
             */
            bytes_after: number | null;
            /**
             * Bytes Before
             * @description of the whole deck
             * @default null
             */
            bytes_before: number | null;
            /**
             * Enhanced
             * @description false: nothing had to change, there is no other deck
             */
            enhanced: boolean;
            /**
             * Left
             * @default []
             */
            left: components["schemas"]["LeftPicture"][];
            /**
             * Pictures
             * @default []
             */
            pictures: components["schemas"]["SwappedPicture"][];
        };
        /**
         * LeftPicture
         * @description A picture that kept its bytes, and why.
         */
        LeftPicture: {
            /** Part */
            part: string;
            /** Reason */
            reason: string;
        };
        /**
         * Limits
         * @description What this installation takes, and what is left of it; 0 means no limit.
         */
        Limits: {
            /** Max Deck Bytes */
            max_deck_bytes: number;
            /** Max Deck Entries */
            max_deck_entries: number;
            /** Max Input Px */
            max_input_px: number;
            /** Max Open Jobs */
            max_open_jobs: number;
            /** Max Output Px */
            max_output_px: number;
            /** Max Picture Bytes */
            max_picture_bytes: number;
            /** Max Storage Bytes */
            max_storage_bytes: number;
            /**
             * Max Streams
             * @description event streams open at once
             */
            max_streams: number;
            /**
             * Max Wait S
             * @description of `Prefer: wait`
             */
            max_wait_s: number;
            /** Open Jobs */
            open_jobs: number;
            /**
             * Requests Left
             * @description in this minute; null without a limit
             */
            requests_left: number | null;
            /** Requests Per Minute */
            requests_per_minute: number;
            /** Retention Days */
            retention_days: number;
            /**
             * Storage Bytes
             * @description kept now
             */
            storage_bytes: number;
        };
        /**
         * PairingOut
         * @description A code to type into the task pane.
         */
        PairingOut: {
            /** Code */
            code: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * PictureFormat
         * @description The formats that decks hold (ECMA-376 leaves them open; these are what was seen).
         * @enum {string}
         */
        PictureFormat: "png" | "jpeg" | "gif" | "bmp" | "tiff" | "webp" | "avif" | "jp2" | "heic" | "jxl" | "ico" | "bigtiff" | "emf" | "wmf" | "svg" | "wdp" | "pdf" | "unknown";
        /**
         * PictureOut
         * @description One media part, and the verdict over all its uses.
         */
        PictureOut: {
            /** Alt Text */
            alt_text: string;
            /** Content Type */
            content_type: string;
            /** Effective Ppi */
            effective_ppi: number | null;
            format: components["schemas"]["PictureFormat"];
            /** Height Px */
            height_px: number | null;
            /**
             * Looks
             * @description such as "looks like 300 × 200 pixels enlarged to 1200 × 800"
             */
            looks: string;
            /**
             * Name
             * @description of the shape that shows it
             */
            name: string;
            /** Number */
            number: number;
            /** Part */
            part: string;
            /** Placements */
            placements: string[];
            reason: components["schemas"]["Reason"] | null;
            /** Scale */
            scale: number | null;
            /** Sentence */
            sentence: string;
            /**
             * Sentence 4K
             * @description such as "about a quarter as sharp as a 4K screen"
             */
            sentence_4k: string;
            /** Sharpness Hd */
            sharpness_hd: number | null;
            /** Size Bytes */
            size_bytes: number;
            /** Slides */
            slides: number[];
            /** Thumbnail Url */
            thumbnail_url: string | null;
            /** True Height Px */
            true_height_px: number | null;
            /**
             * True Width Px
             * @description before it was enlarged; null where it was not
             */
            true_width_px: number | null;
            verdict: components["schemas"]["Verdict"];
            /** Why */
            why: string;
            /** Width Px */
            width_px: number | null;
        };
        /**
         * PictureState
         * @description Where one picture of a job stands.
         * @enum {string}
         */
        PictureState: "queued" | "running" | "done" | "skipped" | "failed" | "cancelled";
        /**
         * PlacementKind
         * @description In which role a picture is used.
         * @enum {string}
         */
        PlacementKind: "picture" | "shape_fill" | "background" | "table_cell" | "other";
        /**
         * PlacementOut
         * @description One use of a picture on a page.
         */
        PlacementOut: {
            /** Alt Text */
            alt_text: string;
            /**
             * Crop
             * @description fractions of the picture cut off at each side
             */
            crop: {
                [key: string]: number;
            };
            /** Effective Ppi */
            effective_ppi: number | null;
            /** Id */
            id: string;
            kind: components["schemas"]["PlacementKind"];
            /** Left In */
            left_in: number | null;
            /** Page Part */
            page_part: string;
            /** Part */
            part: string | null;
            /**
             * Picture
             * @description `number` of its picture
             */
            picture: number | null;
            reason: components["schemas"]["Reason"] | null;
            /** Rotation Deg */
            rotation_deg: number;
            scope: components["schemas"]["Scope"];
            /**
             * Sentence
             * @description such as "about half as sharp as a full-HD screen"
             */
            sentence: string;
            /** Shape Id */
            shape_id: number | null;
            /** Shape Name */
            shape_name: string;
            /** Sharpness 4K */
            sharpness_4k: number | null;
            /**
             * Sharpness Hd
             * @description picture pixels per pixel of a 1920 × 1080 screen
             */
            sharpness_hd: number | null;
            /** Shown Height In */
            shown_height_in: number | null;
            /** Shown Width In */
            shown_width_in: number | null;
            /**
             * Slide
             * @description number in the show, from 1
             */
            slide: number | null;
            /** Thumbnail Url */
            thumbnail_url: string | null;
            /** Top In */
            top_in: number | null;
            verdict: components["schemas"]["Verdict"];
            /**
             * Why
             * @description the reason in words
             */
            why: string;
        };
        /**
         * Problem
         * @description Any error (RFC 9457).
         */
        Problem: {
            /**
             * Code
             * @description stable; branch on this
             */
            code: string;
            /** Detail */
            detail: string;
            /**
             * Errors
             * @description what is wrong with each field
             */
            errors: {
                [key: string]: string;
            }[];
            /** Instance */
            instance: string;
            /** Request Id */
            request_id: string;
            /** Retryable */
            retryable: boolean;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /**
             * Type
             * @description where this kind of problem is explained
             */
            type: string;
        };
        /**
         * QueueName
         * @description Where a message waits; a worker listens to some of these, in this order.
         * @enum {string}
         */
        QueueName: "interactive" | "bulk" | "cpu" | "maintenance";
        /**
         * Reason
         * @description Why a picture is left alone. The only list of reasons; docs/reasons.md prints it.
         * @enum {string}
         */
        Reason: "already_sharp" | "linked" | "missing" | "vector" | "drawn_bitmap" | "svg_fallback" | "animated" | "artistic_effect" | "colour_key" | "markup_fallback" | "ole_preview" | "chart" | "smartart" | "bullet" | "theme_fill" | "text_fill" | "table_fill" | "tile_fill" | "poster" | "layout_or_master" | "notes_or_handout" | "unused_slide" | "unknown_size" | "shown_small" | "too_few_pixels" | "too_many_pixels" | "unsupported_format" | "unreadable" | "not_chosen" | "growth_budget" | "dpi_cap" | "other_use";
        /**
         * RevertableList
         * @description What can be put back in a deck, in the order of the slides.
         */
        RevertableList: {
            /** Items */
            items: components["schemas"]["RevertableOut"][];
        };
        /**
         * RevertableOut
         * @description A picture of a deck whose original is kept.
         */
        RevertableOut: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Height Px */
            height_px: number | null;
            /** Part */
            part: string;
            /**
             * Places
             * @description where it is, in words
             */
            places: string;
            /**
             * Sha256
             * @description of the picture that is in the deck now
             */
            sha256: string;
            /** Slides */
            slides: number[];
            /**
             * Thumbnail Url
             * @description of the original
             */
            thumbnail_url: string;
            /** Width Px */
            width_px: number | null;
        };
        /**
         * ReviewLink
         * @description A link, in the only answer that holds it.
         */
        ReviewLink: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Id */
            id: string;
            /**
             * Url
             * @description what stands behind # is the key; no server sees it
             */
            url: string;
        };
        /**
         * ReviewList
         * @description All links to a batch, newest first.
         */
        ReviewList: {
            /** Items */
            items: components["schemas"]["ReviewOut"][];
        };
        /**
         * ReviewOut
         * @description A link as whoever made it sees it.
         */
        ReviewOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Opened At */
            opened_at: string | null;
            /** Verdicts */
            verdicts: components["schemas"]["VerdictOut"][];
            /** Withdrawn At */
            withdrawn_at: string | null;
        };
        /**
         * ReviewedBatch
         * @description All that a link opens.
         */
        ReviewedBatch: {
            /**
             * Decks
             * @description those that are done
             */
            decks: components["schemas"]["ReviewedDeck"][];
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * ReviewedDeck
         * @description A deck that may be looked at.
         */
        ReviewedDeck: {
            /**
             * Changed
             * @description pictures that were made sharp
             */
            changed: number;
            /** Folder */
            folder: string;
            /** Id */
            id: string;
            /**
             * Kept
             * @description of these, how many keep their originals after all
             */
            kept: number;
            /** Name */
            name: string;
            verdict: components["schemas"]["VerdictOut"] | null;
        };
        /**
         * ReviewedWork
         * @description A deck with what was made of it.
         */
        ReviewedWork: {
            deck: components["schemas"]["DeckOut"];
            job: components["schemas"]["JobDetail"];
        };
        /**
         * ScanOut
         * @description What was looked at, and with which thresholds.
         */
        ScanOut: {
            /** Default Image Dpi */
            default_image_dpi: number | null;
            /** Kind */
            kind: string;
            /** Left */
            left: number;
            /** Low */
            low: number;
            /** Options */
            options: {
                [key: string]: unknown;
            };
            /** Signed */
            signed: boolean;
            /** Slide Height In */
            slide_height_in: number;
            /** Slide Width In */
            slide_width_in: number;
            /** Slides */
            slides: number;
            /** Strict */
            strict: boolean;
        };
        /**
         * ScanSummary
         * @description What a list shows of a scan; all null where the deck has none yet.
         */
        ScanSummary: {
            /**
             * Low
             * @default null
             */
            low: number | null;
            /**
             * Low Px
             * @description pixels of the low pictures together
             * @default null
             */
            low_px: number | null;
            /**
             * @description what it was scanned with
             * @default null
             */
            options: components["schemas"]["ScanThresholds"] | null;
            /**
             * Pictures
             * @default null
             */
            pictures: number | null;
            /**
             * Slides
             * @default null
             */
            slides: number | null;
            /**
             * Worst Hd
             * @description of the worst picture: its pixels for each pixel of a full-HD screen
             * @default null
             */
            worst_hd: number | null;
            /**
             * Worst Ppi
             * @default null
             */
            worst_ppi: number | null;
            /**
             * Worst Sentence
             * @description such as "about half as sharp as …"
             * @default
             */
            worst_sentence: string;
        };
        /**
         * ScanThresholds
         * @description What counted as low.
         */
        ScanThresholds: {
            /** Layouts */
            layouts: boolean;
            /** Low Ppi */
            low_ppi: number;
            /** Target Ppi */
            target_ppi: number;
        };
        /**
         * Scope
         * @description What a key may be used for.
         * @enum {string}
         */
        Scope: "decks" | "pictures" | "jobs:read" | "connect" | "review" | "admin";
        /**
         * SourceNote
         * @description What was wrong with a file and forgiven, or could not be carried over; for people to know.
         * @enum {string}
         */
        SourceNote: "no_end" | "wrong_checksum" | "stray_bytes" | "small_screen" | "gain_map_lost";
        /**
         * SourceNoteOut
         * @description What was forgiven in a picture's file, or could not be carried over.
         */
        SourceNoteOut: {
            /** Code */
            code: components["schemas"]["SourceNote"] | string;
            /** Why */
            why: string;
        };
        /**
         * Stage
         * @description What has to happen next; a picture job knows `upscale` only.
         * @enum {string}
         */
        Stage: "prepare" | "upscale" | "assemble";
        /**
         * Started
         * @description What became of a request to start decks: jobs begun, decks that wait for one.
         */
        Started: {
            /**
             * Started
             * @description ids of the new jobs
             */
            started: string[];
            /**
             * Waiting
             * @description decks for which no job was free; begun as soon as one is
             */
            waiting: number;
        };
        /**
         * SwappedPicture
         * @description A picture of the deck that has another one in its place.
         */
        SwappedPicture: {
            /** Bytes After */
            bytes_after: number;
            /** Bytes Before */
            bytes_before: number;
            /** New Part */
            new_part: string;
            /** Part */
            part: string;
            /** Ppi After */
            ppi_after: number | null;
            /** Ppi Before */
            ppi_before: number | null;
            /**
             * Sentence After
             * @default
             */
            sentence_after: string;
            /**
             * Sentence Before
             * @description such as "about half as sharp as …"
             * @default
             */
            sentence_before: string;
            /**
             * Sharpness Hd After
             * @default null
             */
            sharpness_hd_after: number | null;
            /**
             * Sharpness Hd Before
             * @description picture pixels per pixel of a 1920 px screen
             * @default null
             */
            sharpness_hd_before: number | null;
        };
        /**
         * UploadOut
         * @description A deck on its way, or what became of it.
         */
        UploadOut: {
            /** Batch Id */
            batch_id: string | null;
            /** Code */
            code: string | null;
            /** Deck Id */
            deck_id: string | null;
            /** Detail */
            detail: string | null;
            /**
             * Expires At
             * Format: date-time
             * @description by when the next part must arrive
             */
            expires_at: string;
            /** Folder */
            folder: string;
            /** Id */
            id: string;
            /** Links */
            links: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /** Offset Bytes */
            offset_bytes: number;
            /** Size Bytes */
            size_bytes: number;
            state: components["schemas"]["UploadState"];
        };
        /**
         * UploadState
         * @description Where an upload stands.
         * @enum {string}
         */
        UploadState: "receiving" | "done" | "refused" | "cancelled";
        /**
         * UpscaleReport
         * @description How a picture was upscaled, and what was measured on the result.
         */
        UpscaleReport: {
            /**
             * Cached
             * @description made for an earlier job
             * @default false
             */
            cached: boolean;
            /**
             * Chosen
             * @description the network that was to work on it
             * @default null
             */
            chosen: string | null;
            /**
             * Crispness
             * @default null
             */
            crispness: number | null;
            /**
             * Device
             * @default null
             */
            device: string | null;
            /**
             * Dtype
             * @default null
             */
            dtype: string | null;
            /** @default null */
            faithful: components["schemas"]["Faithful"] | null;
            /**
             * Fallback
             * @description why plain interpolation took the network's place; null where not
             * @default null
             */
            fallback: string | null;
            /**
             * Looks
             * @description what its pixels tell of their past
             * @default null
             */
            looks: {
                [key: string]: unknown;
            } | null;
            /**
             * Network
             * @description name and version; `cells` where none was needed
             * @default null
             */
            network: string | null;
            /**
             * Scale
             * @default null
             */
            scale: number | null;
            /**
             * Seconds
             * @description decode, network and encode together
             * @default null
             */
            seconds: number | null;
            /**
             * Source
             * @description what was forgiven in the file, and what could not be carried over
             * @default []
             */
            source: components["schemas"]["SourceNoteOut"][];
            /**
             * Upscale S
             * @description seconds in the network
             * @default null
             */
            upscale_s: number | null;
        };
        /**
         * Verdict
         * @description What a scan says of a placement or a picture.
         * @enum {string}
         */
        Verdict: "low" | "left";
        /**
         * VerdictOut
         * @description What was said of a deck.
         */
        VerdictOut: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Comment
             * @default
             */
            comment: string;
            /** Deck Id */
            deck_id: string;
            /** Is Accepted */
            is_accepted: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
