"""Find where a small picture lies in a candidate: turned, scaled, cropped, stretched, tilted.

Three ways lead to a first guess: the whole frame in each of the eight turns (thumbnails tell
which); the small picture slid over the candidate at several sizes, which finds crops of flat
drawings; and local features (SIFT; Lowe 2004) with RANSAC (Fischler and Bolles 1981).
ECC (Evangelidis and Psarakis 2008) then brings each guess to a small part of a pixel.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crispdeck.picture.matching.geometry import (
    TURNS,
    Affine,
    Registration,
    Turn,
    centres_at_halves,
    framed,
    whole_frame,
)

Grey = NDArray[np.uint8]
"""(H, W)."""

THUMBNAIL_PX = 24
"""Side of the thumbnails that are compared: enough to tell eight turns apart; a guess."""
LIKE = 0.7
"""Correlation of two thumbnails above which a turn is tried; a true original has 0.9 and more,
also where a tenth was cropped."""
_MOST_TURNS = 2  # turns that are tried, the likeliest first: the others differ plainly
_SLIDING_PX = 128  # longest side of the candidate in which a crop is slid; a guess
_TURNED_PX = 80  # the same for the seven other turns: coarser, for there are seven. A guess
_SURE = 0.9  # correlation above which nothing is looked for in other turns: true ones have it
_LIKE_SLID = 0.8  # correlation of a crop that is tried; small templates fit many places by chance
_SLIDING_STEP = 0.93  # factor from one size to the next: a correlation bears half of that error
_SLIDING_STEPS = 16
"""Down to a third of the candidate's sides: 0.93 ** 15."""
_LEAST_SLID_PX = 12  # shortest side of what is slid; smaller ones fit anywhere. A guess
_MOST_SLID = 4  # places by sliding that are handed on; a guess
_FEATURES = 1500  # strongest ones of a picture; a guess
_LONGEST_PX = 1000
"""Features are sought in candidates of at most this many pixels a side: a third of a second."""
_LEAST_SMALL_PX = 320
"""Smaller pictures are enlarged before features are sought: SIFT finds few in them."""
_RATIO = 0.8
"""D. Lowe, Distinctive image features from scale-invariant keypoints (2004): nearest by second
nearest."""
_LEAST_MATCHES = 8  # that agree in one affine map, which three already fix; a guess
_RANSAC_PX = 2.5  # by which a match may miss the map; a guess
_MAX_TILT = 0.2
"""Shear and rotation beyond quarter turns, as a slope (11 degrees); more is not a picture that
somebody placed."""
_MAX_STRETCH = 1.6
"""Of one axis beside the other: placed pictures are pulled out of shape by less; a guess."""
_ECC_PX = 512
"""Longest side of the frame in which ECC works first."""


def hypotheses(small: Grey, candidate: Grey) -> Iterator[Registration]:
    """Yield first guesses, the likeliest first. They are right to a few pixels."""
    for turn in _like_turns(small, candidate):
        yield whole_frame(turn, small.shape[1::-1], turn.apply(candidate).shape[1::-1])
    yield from _by_sliding(small, candidate)
    yield from _by_features(small, candidate)


def _by_sliding(small: Grey, candidate: Grey) -> Iterator[Registration]:
    """Guess crops: the best places of the small picture over all sizes, turned where it must be."""
    found = _slid(small, candidate, TURNS[0], _SLIDING_PX)
    if max((score for score, _ in found), default=0.0) < _SURE:
        for turn in TURNS[1:]:
            turned = np.asarray(turn.apply(candidate), np.uint8)
            found += _slid(small, turned, turn, _TURNED_PX)
    found.sort(key=lambda one: -one[0])
    yield from (place for score, place in found[:_MOST_SLID] if score >= _LIKE_SLID)


def _slid(
    small: Grey, turned: Grey, turn: Turn, longest_px: int
) -> list[tuple[float, Registration]]:
    """Return the best place for each size, with its correlation."""
    shrunk = longest_px / max(turned.shape)
    field = _scaled(turned, shrunk)
    fit = min(field.shape[0] / small.shape[0], field.shape[1] / small.shape[1])
    found = []
    for step in range(_SLIDING_STEPS):
        factor = fit * _SLIDING_STEP**step
        height, width = (round(side * factor) for side in small.shape)
        if min(height, width) < _LEAST_SLID_PX:
            break
        template = cv2.resize(small, (width, height), interpolation=cv2.INTER_AREA)
        likeness = cv2.matchTemplate(field, template, cv2.TM_CCOEFF_NORMED)
        _, score, _, (left, top) = cv2.minMaxLoc(likeness)
        across, down = width / small.shape[1] / shrunk, height / small.shape[0] / shrunk
        matrix = np.array([[across, 0, left / shrunk], [0, down, top / shrunk]], float)
        found.append((float(score), Registration(turn, matrix)))
    return found


def _like_turns(small: Grey, candidate: Grey) -> list[Turn]:
    mine = _thumbnail(small)
    theirs = _thumbnail(candidate)
    likeness = {turn: _correlation(mine, turn.apply(theirs)) for turn in TURNS}
    best = sorted(TURNS, key=lambda turn: -likeness[turn])[:_MOST_TURNS]
    return [turn for turn in best if likeness[turn] >= LIKE]


def _correlation(mine: NDArray[np.float32], theirs: NDArray[Any]) -> float:
    return float((mine * np.asarray(theirs, np.float32)).mean())


def _thumbnail(grey: Grey) -> NDArray[np.float32]:
    size = (THUMBNAIL_PX, THUMBNAIL_PX)
    tiny = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), np.float32)
    tiny -= tiny.mean()
    return tiny / max(1e-3, float(tiny.std()))


def _by_features(small: Grey, candidate: Grey) -> Iterator[Registration]:
    grown = max(1.0, min(4.0, _LEAST_SMALL_PX / max(small.shape)))
    shrunk = min(1.0, _LONGEST_PX / max(candidate.shape))
    theirs = _features(_scaled(candidate, shrunk))
    if theirs is None:
        return
    for mirrored in (False, True):
        flipped = np.ascontiguousarray(small[:, ::-1]) if mirrored else small
        mine = _features(_scaled(flipped, grown))
        found = None if mine is None else _ransac(mine, theirs)
        if found is None:
            continue
        matrix = _unscaled(found, grown, shrunk)
        if mirrored:
            matrix = _after_flip(matrix, small.shape[1])
        registration = _turned(matrix, candidate.shape)
        if registration is not None:
            yield registration


Features = tuple[NDArray[np.float64], NDArray[np.float32]]
"""Places (N, 2), centres at 0.5, and RootSIFT descriptors (N, 128)."""


def _features(grey: Grey) -> Features | None:
    found: Any = cv2.SIFT.create(nfeatures=_FEATURES).detectAndCompute(grey, None)
    keypoints, descriptors = found
    if descriptors is None or len(keypoints) < _LEAST_MATCHES:
        return None
    places = np.array([point.pt for point in keypoints], float) + 0.5
    # RootSIFT (Arandjelovic and Zisserman 2012): Hellinger's distance instead of Euclid's.
    rooted = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-7))
    return places, rooted.astype(np.float32)


def _ransac(mine: Features, theirs: Features) -> Affine | None:
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(mine[1], theirs[1], k=2)
    good = [two[0] for two in pairs if len(two) == 2 and two[0].distance < _RATIO * two[1].distance]
    if len(good) < _LEAST_MATCHES:
        return None
    here = np.array([mine[0][match.queryIdx] for match in good])
    there = np.array([theirs[0][match.trainIdx] for match in good])
    cv2.setRNGSeed(1)  # the same pictures shall give the same answer
    found: Any = cv2.estimateAffine2D(
        here, there, ransacReprojThreshold=_RANSAC_PX, maxIters=4000, confidence=0.999
    )
    matrix, inliers = found  # OpenCV gives None where nothing fits, which its types don't say
    if matrix is None or int(inliers.sum()) < _LEAST_MATCHES:
        return None
    return np.asarray(matrix, float)


def _scaled(grey: Grey, factor: float) -> Grey:
    if factor == 1:
        return grey
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8)


def _unscaled(matrix: Affine, grown: float, shrunk: float) -> Affine:
    scaled = matrix.copy()
    scaled[:, :2] *= grown / shrunk
    scaled[:, 2] /= shrunk
    return scaled


def _after_flip(matrix: Affine, width_px: int) -> Affine:
    """Give the map for the small picture whose flipped copy `matrix` is for."""
    flipped = matrix.copy()
    flipped[:, 2] += flipped[:, 0] * width_px
    flipped[:, 0] *= -1
    return flipped


def _turned(matrix: Affine, shape: tuple[int, ...]) -> Registration | None:
    """Find the turn after which the map is nearly straight; None where no turn makes it so."""
    height, width = shape
    for turn in TURNS:
        straight = _turn_map(turn, width, height) @ np.vstack((matrix, (0, 0, 1)))
        across, down = straight[0, 0], straight[1, 1]
        if across <= 0 or down <= 0 or max(across / down, down / across) > _MAX_STRETCH:
            continue
        if abs(straight[1, 0]) <= _MAX_TILT * down and abs(straight[0, 1]) <= _MAX_TILT * across:
            return Registration(turn, straight)
    return None


def _turn_map(turn: Turn, width: int, height: int) -> Affine:
    """Map coordinates of the candidate to those of the turned candidate, as (2, 3)."""
    matrix = np.eye(3)
    if turn.mirrored:
        matrix = np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]], float)
    for _ in range(turn.quarters):
        # Counterclockwise: what was right is on top.
        matrix = np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1]], float) @ matrix
        width, height = height, width
    return matrix[:2]


def refined(small: Grey, turned: Grey, guess: Registration) -> Registration:
    """Bring a guess to a small part of a pixel; returns the guess where that does not succeed."""
    size_px = small.shape[1::-1]
    coarse = min(1.0, _ECC_PX / max(size_px))
    found = guess
    for blur, factor in ((5, coarse), (3, coarse), (3, 1.0) if coarse == 1 else (3, coarse)):
        found = _ecc(small, turned, found, blur, factor) or found
    return found


def _ecc(
    small: Grey, turned: Grey, guess: Registration, blur: int, factor: float
) -> Registration | None:
    """Align once, in a frame `factor` times as large as the small picture's."""
    height, width = (max(8, round(side * factor)) for side in small.shape)
    there = np.array([[small.shape[1] / width, 0, 0], [0, small.shape[0] / height, 0]], float)
    back = np.array([[width / small.shape[1], 0, 0], [0, height / small.shape[0], 0]], float)
    template = small if factor == 1 else cv2.resize(small, (width, height), None, 0, 0, 3)
    moving = framed(turned, guess.then(there), (width, height), Image.Resampling.BICUBIC)
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-5)
    try:
        _, step = cv2.findTransformECC(  # type: ignore[call-overload]  # takes None for no mask
            template,
            moving,
            np.eye(2, 3, dtype=np.float32),
            cv2.MOTION_AFFINE,
            criteria,
            None,
            blur,
        )
    except cv2.error:
        # It does not converge: nothing to hold on to, or not the same picture.
        return None
    inner = centres_at_halves(np.asarray(step, float))
    return guess.then(there).then(inner).then(back)
