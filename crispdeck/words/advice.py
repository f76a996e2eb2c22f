"""What a person at a terminal can do about an error; one sentence for each code that helps."""

from crispdeck.deck.names import suffixes_in_words
from crispdeck.errors import CrispdeckError

_ADVICE = {
    "deck_encrypted": "Remove its password in PowerPoint (File, Info, Protect) and try again.",
    "deck_legacy_binary": "Save it as .pptx in PowerPoint and try again.",
    "deck_truncated": "Copy or download it again.",
    "deck_no_presentation": "Only PowerPoint files are taken.",
    "deck_not_a_deck": f"Only {suffixes_in_words()} are taken.",
    "deck_signed": "With --allow-signed it is changed, and its signature breaks.",
    "deck_too_large": "Raise the CRISPDECK_MAX_… setting that it is over (crispdeck settings).",
    "picture_too_large": "Raise the CRISPDECK_MAX_… setting that it is over (crispdeck settings).",
    "picture_unsupported": "Save it as PNG or JPEG and try again.",
    "output_exists": "Give --overwrite or another -o.",
    "settings_invalid": "See crispdeck settings.",
    "weights_invalid": "Install Crispdeck again.",
    "upscale_out_of_memory": "Close other programs or try a smaller --scale.",
}


def advice_for(error: CrispdeckError) -> str:
    """Return what to do, or nothing where the message says it all."""
    return _ADVICE.get(error.code, "Try again." if error.retryable else "")
