"""The pictures of jobs as operators see them: before and after, small or in full."""

from functools import partial

from flask import Response, request

from crispdeck.errors import NotFoundError
from crispdeck.picture.formats import PictureFormat
from crispdeck.records.roles import Role
from crispdeck.records.work.job_list import find_picture
from crispdeck.storage import open_checked
from web import answers
from web.auth import needs_role
from web.engine import engine
from web.routes.admin.site import admin

KEPT_S = 3600  # in the browser; a picture never changes, but it may be deleted
THUMBNAIL_PX = 320  # longest side of the small ones on a page
OPERATORS = "operators"
"""Those who look at everybody's pictures take turns with the tenants."""


@admin.get("/jobs/<id:job_id>/pictures/<id:picture_id>/<any(before,after):which>")
@needs_role(Role.VIEWER)
def picture_file(job_id: str, picture_id: str, which: str) -> Response:
    """Give a picture as it was or as it is now; `?full=1`: all of its pixels."""
    here = engine()
    row = find_picture(here.db, job_id, picture_id)
    if row is None:
        raise NotFoundError(f"There is no picture {picture_id} in this job.")
    key, kind = (
        (row.source_key, row.source_format)
        if which == "before"
        else (row.result_key, row.result_format)
    )
    if not key:
        raise NotFoundError(f"The picture has no {which}.")
    sha256 = row.result_sha256 if which == "after" else None
    opened = partial(open_checked, here.store, key, sha256=sha256, size_bytes=None)
    if request.args.get("full") == "1":
        known = kind if kind in set(PictureFormat) else PictureFormat.UNKNOWN
        media_type = PictureFormat(known).content_type
        tag = f"{row.id}-{which}"
        response = answers.picture_file(opened(), media_type, tag=tag, max_age_s=KEPT_S)
        return answers.never_opened(response, PictureFormat(known))
    small = here.untrusted.file_small(key, opened, max_side_px=THUMBNAIL_PX, whose=OPERATORS)
    return answers.picture(small, "image/png", max_age_s=KEPT_S)
