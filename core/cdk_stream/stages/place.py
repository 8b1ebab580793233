"""Each model -> the cheapest backend that can run it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from cdk_stream.plugin.backend import Backend, Offer, Refusal
from cdk_stream.problems import near
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Project
from cdk_stream.results.delay import delay
from cdk_stream.results.stream import Stream


@dataclass(frozen=True, slots=True)
class Placement:
    """Who offered what for a model, and who got it; `backend` is None when nobody can run it."""

    backend: Backend | None
    answers: tuple[tuple[str, Offer | Refusal], ...]
    """(backend's name, its answer), in the order they were asked."""
    complaint: Complaint | None = None
    offer: Offer | None = None
    """The backend's."""


def place(stream: Stream, backends: Sequence[Backend], project: Project) -> Placement:
    """Ask the backends for a model and take the cheapest offer; ties go to the first by name."""
    wanted = stream.resource.materialized or ("sink" if stream.resource.sink else None)
    asked = [
        backend
        for backend in backends
        if (wanted in backend.materializations if wanted else backend.materializations)
    ]
    answers = tuple((backend.name, backend.offer(stream, project)) for backend in asked)
    offers = [
        (answer.cost, backend.name, backend, answer)
        for backend, (_, answer) in zip(asked, answers, strict=True)
        if isinstance(answer, Offer)
    ]
    if offers:
        _, _, backend, offer = min(offers, key=itemgetter(0, 1))
        return Placement(backend, answers, offer=offer)
    return Placement(None, answers, _nobody(stream, wanted, answers, backends))


def settle(stream: Stream, backend: Backend, offer: Offer) -> None:
    """Write down where a model runs, and what that makes of its topic and its rows' delay."""
    stream.backend = backend.name
    model = stream.resource
    stream.materialized = model.materialized or backend.materializations[0]
    behind = sorted({topic for given in stream.inputs.values() for topic in given.physical_topics})
    if stream.materialized in ("virtual_topic", "sink"):
        stream.physical_topics = tuple(behind)
        if len({given.format for given in stream.inputs.values()}) == 1:
            stream.format = next(iter(stream.inputs.values())).format
    else:
        stream.physical_topics = (stream.topic,)
    stream.delay_ms, stream.hops = delay(stream, offer.delay_ms)


def _nobody(
    stream: Stream,
    wanted: str | None,
    answers: tuple[tuple[str, Offer | Refusal], ...],
    backends: Sequence[Backend],
) -> Complaint:
    if not answers:
        known = {kind for backend in backends for kind in backend.materializations}
        mend = near(wanted or "", known) or "name its plugin under 'plugins' in stream_project.yml"
        return Complaint("CS303", "/materialized", f"no backend makes a '{wanted}'", mend)
    refusals = [(name, answer) for name, answer in answers if isinstance(answer, Refusal)]
    reasons = "; ".join(f"{name}: {refusal.reason}" for name, refusal in refusals)
    mends = "; ".join(refusal.mend for _, refusal in refusals if refusal.mend)
    message = f"no backend can run model '{stream.name}': {reasons}"
    return Complaint("CS303", "/materialized" if wanted else "", message, mends)
