"""The workers: who lives, what each does and uses; drain and resume."""

from flask import Response, render_template, request

from crispdeck.errors import InvalidRequestError
from crispdeck.records.figures.workers import Crew, crew, gone_after_s
from crispdeck.records.roles import Role
from crispdeck.records.work.drains import drain, resume
from crispdeck.records.work.heartbeats import beat_interval_s
from web.admin_sessions import note, session_operator
from web.auth import needs_role
from web.bodies import takes
from web.engine import engine
from web.routes.admin.site import FORM, admin, field, go_to


def found_crew() -> Crew:
    """Look at the workers; the settings tell how often they beat."""
    lease_s = engine().settings.lease_s
    return crew(engine().db, gone_after_s=gone_after_s(lease_s, beat_interval_s(lease_s)))


@admin.get("/workers")
@needs_role(Role.VIEWER)
def worker_list() -> str:
    """List the workers."""
    found = found_crew()
    known = {member.node for member in found.members}
    return render_template(
        "admin/workers.html",
        crew=found,
        absent=[drained for node, drained in found.drains.items() if node not in known],
        lease_s=engine().settings.lease_s,
        did=request.args.get("did", ""),
        node=request.args.get("node", ""),
    )


@admin.post("/workers/drain")
@needs_role(Role.OPERATOR)
@takes(FORM)
def drain_worker() -> Response:
    """Let a worker take nothing new."""
    node = _node()
    drain(engine().db, node, actor=session_operator().name)
    note("worker.drain", node)
    return go_to("admin.worker_list", did="drain", node=node)


@admin.post("/workers/resume")
@needs_role(Role.OPERATOR)
@takes(FORM)
def resume_worker() -> Response:
    """Let a worker work again."""
    node = _node()
    resume(engine().db, node)
    note("worker.resume", node)
    return go_to("admin.worker_list", did="resume", node=node)


def _node() -> str:
    node = field("node", longest=200)
    if not node:
        raise InvalidRequestError("Say which worker.", fields={"node": "missing"})
    return node
