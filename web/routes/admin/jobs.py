"""The list of jobs of all tenants: filtered, page by page, and acted on in bulk."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from crispdeck.records.people.tenants import tenant_names
from crispdeck.records.roles import Role
from crispdeck.records.states import JobKind, JobState
from crispdeck.records.work.bulk_actions import JobAction, act_on_jobs
from crispdeck.records.work.job_list import COUNTED_TO, JobFilter, find_jobs, matching_ids
from web.admin_sessions import note
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, go_to

PAGE = 50  # jobs on a page; a guess
AGES = {
    "1h": ("in the last hour", timedelta(hours=1), None),
    "24h": ("in the last day", timedelta(days=1), None),
    "7d": ("in the last week", timedelta(days=7), None),
    "24h+": ("more than a day ago", None, timedelta(days=1)),
    "7d+": ("more than a week ago", None, timedelta(days=7)),
}
FIELDS = ("tenant", "state", "kind", "age", "text", "code")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class JobListQuery:
    """A filter as it stands in the address."""

    fields: dict[str, str]
    """Those that are set."""
    wanted: JobFilter

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> "JobListQuery":
        """Read it; a value that makes no sense counts as left out."""
        given = {
            name: text
            for name in FIELDS
            if (text := values.get(name, "").replace("\x00", "").strip()[:300])
        }
        _, younger, older = AGES.get(given.get("age", ""), ("", None, None))
        wanted = JobFilter(
            tenant_id=given.get("tenant"),
            state=_word(JobState, given.get("state")),
            kind=_word(JobKind, given.get("kind")),
            younger_than=younger,
            older_than=older,
            text=given.get("text", ""),
            code=given.get("code"),
        )
        return cls(given, wanted)


@admin.get("/jobs")
@needs_role(Role.VIEWER)
def job_list() -> str:
    """List jobs."""
    asked = JobListQuery.of(request.args)
    page = find_jobs(engine().db, asked.wanted, after=_after(), limit=PAGE)
    return render_template(
        "admin/jobs.html",
        asked=asked.fields,
        page=page,
        counted_to=COUNTED_TO,
        is_first="after" not in request.args,
        tenants=tenant_names(engine().db),
        states=[state.value for state in JobState],
        kinds=[kind.value for kind in JobKind],
        ages={name: words for name, (words, _, _) in AGES.items()},
        said={name: request.args.get(name, "") for name in ("did", "done", "refused", "why")},
    )


@admin.post("/jobs/act")
@needs_role(Role.OPERATOR)
@takes(FORM)
def act_in_bulk() -> Response:
    """Cancel, retry or delete the ticked jobs, or all that match; ask first where it is much."""
    action = _word(JobAction, request.form.get("action")) or JobAction.CANCEL
    asked = JobListQuery.of(request.form)
    is_all = request.form.get("all") == "1"
    job_ids = request.form.getlist("job")[: COUNTED_TO + 1]
    if is_all:
        job_ids = matching_ids(engine().db, asked.wanted)
    if not job_ids:
        return go_to("admin.job_list", **asked.fields, did="none")
    is_much = is_all or action is JobAction.DELETE
    if is_much and request.form.get("sure") != "1":
        page = render_template(
            "admin/confirm.html",
            action=action.value,
            count=len(job_ids),
            is_all=is_all,
            job_ids=[] if is_all else job_ids,
            asked=asked.fields,
        )
        return make_response(page)
    return _act(action, job_ids, asked)


def _act(action: JobAction, job_ids: list[str], asked: JobListQuery) -> Response:
    outcome = act_on_jobs(engine().db, job_ids, action)
    engine().announce(outcome.wakeups)
    for job in outcome.done:
        note(f"job.{action.value}", job.id, tenant_id=job.tenant_id)
    if not outcome.done:
        note(f"job.{action.value}", "none", refused=len(outcome.refused))
    why = next(iter(outcome.refused.values()), "")
    said: dict[str, Any] = {
        "did": action.value,
        "done": len(outcome.done),
        "refused": len(outcome.refused),
    }
    return go_to("admin.job_list", **asked.fields, **said, **({"why": why} if why else {}))


def _after() -> str | None:
    after = request.args.get("after", "")
    return after if len(after) == 32 and after.isalnum() else None


def _word(kind: type[E], text: str | None) -> E | None:
    return kind(text) if text in set(kind) else None
