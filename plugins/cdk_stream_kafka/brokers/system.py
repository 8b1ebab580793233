"""The brokers of a cluster: topics and rights, observed, compared, written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cdk_stream.plugin.converge import converge
from cdk_stream.plugin.kafka.admin import Admin
from cdk_stream.plugin.kafka.rights import KafkaRights
from cdk_stream.plugin.rights.acls import Acls
from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, SystemFailed, Wanted
from cdk_stream.results.plan import Key, Step
from cdk_stream_kafka.brokers.topic_changes import compare_topic, live_topic, settings_to_set
from cdk_stream_kafka.brokers.topics import Topic, Topics

TOPIC, ACL = "topic", "acl"


class KafkaSystem:
    """The brokers of one cluster.

    A plan asks them for all topics, all settings, all first and last offsets, and all rights:
    five requests, and the offsets once for each broker.
    """

    name = "kafka"
    kinds: tuple[str, ...] = (TOPIC, ACL)

    def __init__(self, cluster: str, project: str, admin: Admin) -> None:
        self.cluster = cluster
        self._admin = admin
        self._topics = Topics(admin)
        self._acls = Acls(project, KafkaRights(admin))

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """The topics and rights wanted or recorded."""
        keys = {one.key for one in wanted if one.key.kind == TOPIC}
        keys |= {key for key in recorded if key.kind == TOPIC}
        seen = self._topics.look(key.name for key in keys) if keys else {}
        found = {key: live_topic(key, seen[key.name]) for key in keys if key.name in seen}
        rights = [one for one in wanted if one.key.kind == ACL]
        return found | dict(self._acls.observe(rights, of_kind(recorded, ACL)))

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        """Server-filled settings and those of others are no difference."""
        if wanted.key.kind == ACL:
            return self._acls.compare(wanted, live)
        return compare_topic(wanted, live)

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        """One topic, or the rights of one artefact."""
        if step.key.kind == ACL:
            return self._acls.apply(step.key, wanted, live)
        if wanted is None:
            return self._delete(step, live)
        done = converge(
            f"the change of the topic '{step.key.name}'",
            lambda: self._look(step.key),
            lambda seen: seen is not None and compare_topic(wanted, seen).action == "nothing",
            lambda seen: self._write(wanted, seen),
        )
        return Outcome(done.seen, done.changed)

    def close(self) -> None:
        """Let go of connections."""
        self._admin.close()

    def _look(self, key: Key) -> Live | None:
        seen: Topic | None = self._topics.look([key.name]).get(key.name)
        return live_topic(key, seen) if seen is not None else None

    def _write(self, wanted: Wanted, live: Live | None) -> None:
        name, spec = wanted.key.name, wanted.spec["spec"]
        if live is None:
            self._topics.create(
                name, spec["partitions"], spec["replicationFactor"], spec["configs"]
            )
            return
        if spec["partitions"] > live.spec["partitions"]:
            self._topics.grow(name, spec["partitions"])
        if to_set := settings_to_set(spec, live):
            self._topics.configure(name, to_set)

    def _delete(self, step: Step, live: Live | None) -> Outcome:
        now = self._look(step.key)
        if now is not None and now.holds_data and not (step.approved and _known(live)):
            raise SystemFailed(
                f"topic '{step.key.name}' holds rows, and nobody approved that they are lost",
                "approve the deletion in a new plan, or keep the model",
            )
        done = converge(
            f"the deletion of the topic '{step.key.name}'",
            lambda: self._topics.partitions(step.key.name),
            lambda partitions: partitions is None,
            lambda _: self._topics.delete(step.key.name),
        )
        return Outcome(None, done.changed)


def of_kind(recorded: Iterable[Key], kind: str) -> Iterable[Key]:
    """The recorded keys of a kind, with what is recorded of them where it is."""
    if isinstance(recorded, Mapping):
        return {key: spec for key, spec in recorded.items() if key.kind == kind}
    return [key for key in recorded if key.kind == kind]


def _known(live: Live | None) -> bool:
    """Whether whoever approved could see that there are rows."""
    return live is not None and live.holds_data
