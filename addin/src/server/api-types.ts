// Made from /api/openapi.json by `make apitypes`; not to be edited.

export interface paths {
    "/api/v1/decks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List decks, newest first.
         * @description Scope: decks.
         */
        get: operations["decks_all_decks_decks_get"];
        put?: never;
        /**
         * Hand in a deck; the answer is its scan.
         * @description Scope: decks.
         */
        post: operations["decks_create_deck_decks_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{deck_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a deck's scan; with any option it is scanned anew, and that scan is not kept.
         * @description Scope: decks.
         */
        get: operations["decks_one_deck_decks__id_deck_id__get"];
        put?: never;
        post?: never;
        /**
         * Delete a deck with its jobs and results.
         * @description Scope: decks.
         */
        delete: operations["decks_remove_deck_decks__id_deck_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{deck_id}/enhanced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the deck with its sharp pictures.
         * @description Scope: decks.
         */
        get: operations["decks_enhanced_decks__id_deck_id__enhanced_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link to a deck, a report or a zip that needs no key for the next minutes.
         * @description <br/>What could go wrong is told here; a report that nobody has made yet is made first. Scope: decks.
         */
        post: operations["downloads_make_link_downloads_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{deck_id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the jobs of a deck, newest first.
         * @description Scope: decks or jobs:read.
         */
        get: operations["decks_deck_jobs_decks__id_deck_id__jobs_get"];
        put?: never;
        /**
         * Ask for the pictures of a deck to be made sharp.
         * @description Scope: decks.
         */
        post: operations["decks_create_job_decks__id_deck_id__jobs_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decks/{deck_id}/thumbnails/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a small PNG of the picture with this number.
         * @description Scope: decks.
         */
        get: operations["decks_deck_thumbnail_decks__id_deck_id__thumbnails__int_number__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a job and each of its pictures.
         * @description Scope: decks or jobs:read or pictures.
         */
        get: operations["jobs_one_job_jobs__id_job_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a job now.
         * @description Scope: decks or pictures.
         */
        post: operations["jobs_cancel_jobs__id_job_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the events behind a cursor; with `wait`, hold on until there is one.
         * @description Scope: decks or jobs:read or pictures.
         */
        get: operations["jobs_job_events_jobs__id_job_id__events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say what may be sent, and what is left. */
        get: operations["system_limits_api_v1_limits_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/originals/known": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say for which of these pictures an original is kept, and until when.
         * @description Scope: decks.
         */
        post: operations["swaps_known_originals_known_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a code that is good once, for ten minutes; it stands for a key for decks and pictures.
         * @description <br/>The new key may do no more than the caller's, and ends no later. A key of the scope `connect`<br/>makes such codes and does nothing else. Scope: connect or decks or pictures.
         */
        post: operations["pairings_create_pairing_pairings_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairings/exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange a code for a key; it is shown in this answer and never again. */
        post: operations["pairings_exchange_pairings_exchange_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pairings/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say how a task pane may be connected here, besides by a code. */
        get: operations["pairings_ways_pairings_ways_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make one picture sharp; with `Prefer: wait=N` the answer is the picture itself.
         * @description <br/>A picture that is sharp enough at the size it is shown is answered with a verdict, unless<br/>`force` is set. Scope: pictures.
         */
        post: operations["pictures_create_picture_pictures_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pictures/{job_id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the sharp picture of a job made by POST /pictures; `Prefer: wait=N` waits for it.
         * @description Scope: pictures.
         */
        get: operations["pictures_result_pictures__id_job_id__result_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reverts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put the original bytes back into a deck that was swapped, however it was edited since.
         * @description Scope: decks.
         */
        post: operations["swaps_create_revert_reverts_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/swaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put the finished pictures of some jobs into a deck, wherever their originals are found.
         * @description <br/>The deck may have been edited since: pictures are known by their content. It is not kept; the<br/>originals are, so that `POST /reverts` can put them back. Scope: decks.
         */
        post: operations["swaps_create_swap_swaps_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
         * DeckForm
         * @description The upload.
         */
        DeckForm: {
            /**
             * Deck
             * Format: binary
             * @description a .pptx, .pptm, .potx, .potm, .ppsx or .ppsm file
             */
            deck: string;
        };
        /**
         * DeckJobRequest
         * @description Which pictures of a deck to make sharp, and how sharp.
         */
        DeckJobRequest: {
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
             * Pictures
             * @description part names; all low ones if left out
             * @default null
             */
            pictures: string[] | null;
            /**
             * Target Ppi
             * @default 220
             */
            target_ppi: number;
            /**
             * True Size
             * @description pictures enlarged before count by their true size
             * @default true
             */
            true_size: boolean;
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
         * DeckPage
         * @description Some decks, newest first.
         */
        DeckPage: {
            /** Items */
            items: components["schemas"]["DeckSummary"][];
            /** Next After */
            next_after: string | null;
        };
        /**
         * DeckSummary
         * @description A deck without its scan.
         */
        DeckSummary: {
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
         * EventKind
         * @description What happened to a job or one of its pictures.
         * @enum {string}
         */
        EventKind: "job.queued" | "job.running" | "job.stage" | "job.requeued" | "job.done" | "job.failed" | "job.cancelled" | "job.retried" | "picture.queued" | "picture.running" | "picture.done" | "picture.skipped" | "picture.failed" | "picture.cancelled";
        /**
         * EventOut
         * @description One change of a job or of one of its pictures.
         */
        EventOut: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Data */
            data: {
                [key: string]: unknown;
            };
            /** Job Id */
            job_id: string;
            kind: components["schemas"]["EventKind"];
            /** Picture Id */
            picture_id: string | null;
            /** Seq */
            seq: number;
        };
        /**
         * EventPage
         * @description Events in order.
         */
        EventPage: {
            /**
             * Ended
             * @description true when nothing more will come
             */
            ended: boolean;
            /** Items */
            items: components["schemas"]["EventOut"][];
            /**
             * Next After
             * @description hand this in as `after` to go on
             */
            next_after: number;
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
         * JobOut
         * @description A job without its pictures.
         */
        JobOut: {
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
         * JobPage
         * @description Some jobs, newest first.
         */
        JobPage: {
            /** Items */
            items: components["schemas"]["JobOut"][];
            /** Next After */
            next_after: string | null;
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
         * KeptOriginal
         * @description A picture whose original is kept, so that the swap can be reverted.
         */
        KeptOriginal: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Sha256
             * @description of the picture that is in the deck now, after the swap
             */
            sha256: string;
        };
        /**
         * KeptOriginals
         * @description Those of the pictures whose swap can be reverted.
         */
        KeptOriginals: {
            /** Items */
            items: components["schemas"]["KeptOriginal"][];
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
         * NewKey
         * @description A key, in the only answer that holds it.
         */
        NewKey: {
            /** Id */
            id: string;
            /** Key */
            key: string;
        };
        /**
         * OriginalsRequest
         * @description Pictures by their content.
         */
        OriginalsRequest: {
            /** Sha256 */
            sha256: string[];
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
         * PairingRequest
         * @description A code, and how the new key shall be called.
         */
        PairingRequest: {
            /** Code */
            code: string;
            /**
             * Name
             * @default PowerPoint add-in
             */
            name: string;
        };
        /**
         * PairingWays
         * @description How a task pane gets its first key, besides a code.
         */
        PairingWays: {
            /**
             * Sign In
             * @description at /addin/sign-in, by OpenID Connect
             */
            sign_in: boolean;
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
         * PictureVerdict
         * @description A picture that was left alone.
         */
        PictureVerdict: {
            /**
             * Effective Ppi
             * @default null
             */
            effective_ppi: number | null;
            /**
             * Height Px
             * @default null
             */
            height_px: number | null;
            /**
             * Reason
             * @description such as `already_sharp`
             */
            reason: string;
            /** @default left */
            verdict: components["schemas"]["Verdict"];
            /** Why */
            why: string;
            /**
             * Width Px
             * @default null
             */
            width_px: number | null;
        };
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
         * Preset
         * @description A named threshold below which a picture counts as low.
         * @enum {string}
         */
        Preset: "strict" | "normal" | "wide";
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    decks_all_decks_decks_get: {
        parameters: {
            query?: {
                /** @description `next_after` of the page before */
                after?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeckPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_create_deck_decks_post: {
        parameters: {
            query?: {
                /** @description low below 72, 110, 150 ppi */
                preset?: components["schemas"]["Preset"] | null;
                /** @description low below this; overrides the preset */
                low_ppi?: number | null;
                /** @description what an upscale aims at; 220 if left out */
                target_ppi?: number | null;
                /** @description pictures of layouts and masters too */
                layouts?: boolean | null;
                /** @description pictures enlarged before count by their true size; yes if left out */
                true_size?: boolean | null;
                /** @description take a signed deck; a change breaks its signature */
                allow_signed?: boolean;
                /** @description the batch that the deck joins */
                batch?: string | null;
            };
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["DeckForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeckOut"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_one_deck_decks__id_deck_id__get: {
        parameters: {
            query?: {
                /** @description low below 72, 110, 150 ppi */
                preset?: components["schemas"]["Preset"] | null;
                /** @description low below this; overrides the preset */
                low_ppi?: number | null;
                /** @description what an upscale aims at; 220 if left out */
                target_ppi?: number | null;
                /** @description pictures of layouts and masters too */
                layouts?: boolean | null;
                /** @description pictures enlarged before count by their true size; yes if left out */
                true_size?: boolean | null;
            };
            header?: never;
            path: {
                deck_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeckOut"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_remove_deck_decks__id_deck_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deck_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_enhanced_decks__id_deck_id__enhanced_get: {
        parameters: {
            query?: {
                /** @description the latest finished one if left out */
                job?: string | null;
                /** @description 303 to the object store where it can sign links */
                redirect?: boolean;
            };
            header?: never;
            path: {
                deck_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description See Other */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloads_make_link_downloads_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DownloadRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadLink"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_deck_jobs_decks__id_deck_id__jobs_get: {
        parameters: {
            query?: {
                /** @description `next_after` of the page before */
                after?: string | null;
                limit?: number;
                state?: components["schemas"]["JobState"] | null;
            };
            header?: never;
            path: {
                deck_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_create_job_decks__id_deck_id__jobs_post: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string | null;
            };
            path: {
                deck_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeckJobRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decks_deck_thumbnail_decks__id_deck_id__thumbnails__int_number__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deck_id: string;
                /** @description the picture's `number` in the scan, from 1 */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_one_job_jobs__id_job_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_cancel_jobs__id_job_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_job_events_jobs__id_job_id__events_get: {
        parameters: {
            query?: {
                /** @description `seq` of the last event seen */
                after?: number;
                limit?: number;
                /** @description seconds to wait for the next event */
                wait?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_limits_api_v1_limits_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    swaps_known_originals_known_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OriginalsRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptOriginals"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_create_pairing_pairings_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PairingOut"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_exchange_pairings_exchange_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PairingRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pairings_ways_pairings_ways_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PairingWays"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pictures_create_picture_pictures_post: {
        parameters: {
            query?: {
                /** @description inches */
                shown_width_in?: number | null;
                /** @description inches */
                shown_height_in?: number | null;
                /** @description instead of a size: 2 or 4 */
                scale?: ("2" | "4") | null;
                target_ppi?: number;
                low_ppi?: number;
                /** @description inches; how large a screen shows the slide */
                slide_width_in?: number;
                /** @description inches */
                slide_height_in?: number;
                /** @description upscale even what is sharp enough */
                force?: boolean;
                /** @description leave out date, place, author and other notes */
                strip?: boolean;
                /** @description steepness of edges, 0 (soft) to 1, within what faithfulness allows; as this installation is set if left out */
                crispness?: number | null;
            };
            header?: {
                /** @description wait=N, at most 30 seconds */
                Prefer?: string | null;
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
                "image/avif": string;
                "image/bmp": string;
                "image/gif": string;
                "image/heic": string;
                "image/jp2": string;
                "image/jpeg": string;
                "image/png": string;
                "image/tiff": string;
                "image/webp": string;
                "multipart/form-data": string;
            };
        };
        responses: {
            /** @description The sharp picture; or, as JSON, why the picture was left alone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PictureVerdict"];
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pictures_result_pictures__id_job_id__result_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description wait=N, at most 30 seconds */
                Prefer?: string | null;
            };
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sharp picture; or, as JSON, why the picture was left alone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PictureVerdict"];
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    swaps_create_revert_reverts_post: {
        parameters: {
            query?: {
                /** @description of pictures in the deck; all known if left out */
                sha256?: string[] | null;
                /** @description take a signed deck; a change breaks its signature */
                allow_signed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["DeckForm"];
            };
        };
        responses: {
            /** @description The deck; `Crispdeck-Swapped` says how many pictures changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.presentationml.presentation": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    swaps_create_swap_swaps_post: {
        parameters: {
            query: {
                /** @description low below 72, 110, 150 ppi */
                preset?: components["schemas"]["Preset"] | null;
                /** @description low below this; overrides the preset */
                low_ppi?: number | null;
                /** @description what an upscale aims at; 220 if left out */
                target_ppi?: number | null;
                /** @description pictures of layouts and masters too */
                layouts?: boolean | null;
                /** @description pictures enlarged before count by their true size; yes if left out */
                true_size?: boolean | null;
                /** @description jobs that made the pictures; may repeat */
                job: string[];
                /** @description take a signed deck; a change breaks its signature */
                allow_signed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["DeckForm"];
            };
        };
        responses: {
            /** @description The deck; `Crispdeck-Swapped` says how many pictures changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.presentationml.presentation": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
