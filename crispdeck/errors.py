"""Every error that a user of Crispdeck can meet, in one tree; no logic.

CrispdeckError
├── BadInputError                    the caller's fault: mend it and ask again
│   ├── DeckRefusedError             not a deck that we can or may touch
│   │   ├── NotADeckError              deck_not_a_deck
│   │   ├── EncryptedDeckError         deck_encrypted
│   │   ├── LegacyDeckError            deck_legacy_binary
│   │   ├── TruncatedDeckError         deck_truncated
│   │   ├── NoPresentationError        deck_no_presentation
│   │   ├── MalformedDeckError         deck_malformed
│   │   ├── UnsafeDeckError            deck_unsafe
│   │   ├── SignedDeckError            deck_signed
│   │   └── DeckTooLargeError          deck_too_large
│   ├── PictureRefusedError          a picture that we cannot or may not read
│   │   ├── UnreadablePictureError     picture_unreadable
│   │   ├── UnsupportedPictureError    picture_unsupported
│   │   └── PictureTooLargeError       picture_too_large
│   ├── InvalidRequestError            request_invalid
│   ├── RequestTooLargeError           request_too_large
│   └── SwapRefusedError               swap_refused
├── AccessError
│   ├── UnauthenticatedError           unauthenticated
│   ├── ForbiddenError                 forbidden
│   └── PairingCodeError               pairing_code_invalid
├── NotFoundError                      not_found
│   └── OriginalUnknownError           original_unknown
├── GoneError                          gone
├── ConflictError                      conflict
│   ├── IdempotencyMismatchError       idempotency_key_reused
│   ├── LostClaimError                 claim_lost
│   ├── NothingToSwapError             nothing_to_swap
│   ├── OffsetMismatchError            upload_offset_mismatch
│   └── OutputExistsError              output_exists
├── LimitReachedError                  limit_reached
├── FileAccessError                    file_access
├── SettingsError                      settings_invalid
├── ServeError                         serve_impossible
├── WeightsError                       weights_invalid
├── UpscaleError                       upscale_failed
│   ├── UpscaleMemoryError             upscale_out_of_memory
│   ├── TimeLimitError                 time_limit
│   └── TooSlowHereError               too_slow_here
├── UnreadableRowError                 row_unreadable
├── RecordsError                       records_unavailable   (retryable)
├── StorageError                       storage_unavailable   (retryable)
│   ├── ObjectMissingError             object_missing
│   └── DamagedObjectError             object_damaged
└── QueueError                         queue_unavailable     (retryable)
"""

from collections.abc import Mapping
from typing import ClassVar


class CrispdeckError(Exception):
    """A failure with a sentence for people and a stable code for programs."""

    code: ClassVar[str] = "internal_error"
    """Stable; clients may branch on it."""
    status: ClassVar[int] = 500
    """The HTTP status that the web answers with."""
    retryable: ClassVar[bool] = False
    """True when the same call may succeed later without any change."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInputError(CrispdeckError):
    """What was handed in cannot be worked on."""

    code = "bad_input"
    status = 400
    ran_out: bool = False
    """True where time or memory was not enough: on another day it may be."""


class DeckRefusedError(BadInputError):
    """The file is not a deck that can be read, or one that must not be touched."""

    code = "deck_refused"
    status = 422


class NotADeckError(DeckRefusedError):
    """Neither a zip nor anything that looks like a presentation."""

    code = "deck_not_a_deck"
    status = 415


class EncryptedDeckError(DeckRefusedError):
    """The deck is protected by a password."""

    code = "deck_encrypted"


class LegacyDeckError(DeckRefusedError):
    """A binary .ppt of PowerPoint 97-2003."""

    code = "deck_legacy_binary"
    status = 415


class TruncatedDeckError(DeckRefusedError):
    """A zip whose end is missing or damaged."""

    code = "deck_truncated"


class NoPresentationError(DeckRefusedError):
    """A sound zip with no presentation inside: a document, a sheet, an archive."""

    code = "deck_no_presentation"
    status = 415


class MalformedDeckError(DeckRefusedError):
    """A presentation whose XML or relationships cannot be read."""

    code = "deck_malformed"


class UnsafeDeckError(DeckRefusedError):
    """A zip built to do harm: bombs, lying sizes, path tricks, DTDs."""

    code = "deck_unsafe"


class SignedDeckError(DeckRefusedError):
    """The deck carries a digital signature that any change would break."""

    code = "deck_signed"
    status = 409


class DeckTooLargeError(DeckRefusedError):
    """Over a limit of size, entries or slides."""

    code = "deck_too_large"
    status = 413


class PictureRefusedError(BadInputError):
    """The picture cannot be read, or must not be."""

    code = "picture_refused"
    status = 422


class UnreadablePictureError(PictureRefusedError):
    """The bytes are damaged or not a picture."""

    code = "picture_unreadable"


class UnsupportedPictureError(PictureRefusedError):
    """A format or a mode that is not upscaled: vector, animated, rare."""

    code = "picture_unsupported"
    status = 415


class PictureTooLargeError(PictureRefusedError):
    """More pixels than the limit, before or after upscaling."""

    code = "picture_too_large"
    status = 413


class InvalidRequestError(BadInputError):
    """A field is missing, unknown or out of range."""

    code = "request_invalid"
    status = 422

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})
        """What is wrong with each field, by its dotted name."""


class RequestTooLargeError(BadInputError):
    """The request's body is over the limit."""

    code = "request_too_large"
    status = 413


class SwapRefusedError(BadInputError):
    """A replacement that does not fit the deck."""

    code = "swap_refused"
    status = 422


class AccessError(CrispdeckError):
    """The caller may not do this."""

    code = "access_denied"
    status = 403


class UnauthenticatedError(AccessError):
    """No key, or a key that is unknown, expired or revoked."""

    code = "unauthenticated"
    status = 401


class ForbiddenError(AccessError):
    """The key is good but lacks the scope."""

    code = "forbidden"


class PairingCodeError(AccessError):
    """A code to pair with that is unknown, used up or too old."""

    code = "pairing_code_invalid"


class NotFoundError(CrispdeckError):
    """No such thing in this tenant."""

    code = "not_found"
    status = 404


class OriginalUnknownError(NotFoundError):
    """No original is kept for any of these pictures, or no longer."""

    code = "original_unknown"


class GoneError(CrispdeckError):
    """It existed and was deleted or has expired."""

    code = "gone"
    status = 410


class ConflictError(CrispdeckError):
    """The thing is in a state that does not allow this."""

    code = "conflict"
    status = 409


class IdempotencyMismatchError(ConflictError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_key_reused"
    status = 422


class LostClaimError(ConflictError):
    """The work was taken back, cancelled or deleted while a worker was doing it."""

    code = "claim_lost"


class NothingToSwapError(ConflictError):
    """The deck holds none of the pictures, or none that would gain: it was changed meanwhile."""

    code = "nothing_to_swap"


class OffsetMismatchError(ConflictError):
    """A part of an upload does not begin where the one before it ended."""

    code = "upload_offset_mismatch"

    def __init__(self, message: str, *, offset_bytes: int) -> None:
        super().__init__(message)
        self.offset_bytes = offset_bytes
        """Where the next part begins."""


class OutputExistsError(ConflictError):
    """The file to write exists already, and it was not said that it may be replaced."""

    code = "output_exists"


class LimitReachedError(CrispdeckError):
    """Too many requests, jobs or bytes for this key; carries when to try again."""

    code = "limit_reached"
    status = 429
    retryable = True

    def __init__(self, message: str, *, retry_after_s: int = 60) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class FileAccessError(CrispdeckError):
    """A file of this machine cannot be read or written."""

    code = "file_access"


class SettingsError(CrispdeckError):
    """A setting is missing, or has a value that it cannot have."""

    code = "settings_invalid"


class ServeError(CrispdeckError):
    """The address or the data folder is in use by another process."""

    code = "serve_impossible"


class WeightsError(CrispdeckError):
    """A weights file is missing or is not the one that the manifest names."""

    code = "weights_invalid"


class UpscaleError(CrispdeckError):
    """Neither the network nor plain interpolation could enlarge this picture."""

    code = "upscale_failed"


class UpscaleMemoryError(UpscaleError):
    """Out of memory even in small tiles on the CPU."""

    code = "upscale_out_of_memory"


class TimeLimitError(UpscaleError):
    """The picture was not done within the time that one may take."""

    code = "time_limit"


class TooSlowHereError(UpscaleError):
    """The picture would surely not be done within the time that one may take; not begun."""

    code = "too_slow_here"


class RecordsError(CrispdeckError):
    """The database does not answer as it should."""

    code = "records_unavailable"
    status = 503
    retryable = True


class UnreadableRowError(CrispdeckError):
    """A record in the database that this version of Crispdeck cannot read."""

    code = "row_unreadable"


class StorageError(CrispdeckError):
    """The object store does not answer as it should."""

    code = "storage_unavailable"
    status = 503
    retryable = True


class ObjectMissingError(StorageError):
    """The object store answers, and the object is not there."""

    code = "object_missing"
    status = 404
    retryable = False


class DamagedObjectError(StorageError):
    """The object store answers, and the object is not what was stored."""

    code = "object_damaged"
    status = 500
    retryable = False


class QueueError(CrispdeckError):
    """The broker does not take messages."""

    code = "queue_unavailable"
    status = 503
    retryable = True
