"""Conduktor Gateway of a cluster: groups, interceptors and rights, protections first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cdk_stream.plugin.canonical import differences, digest
from cdk_stream.plugin.rights.acls import Acls
from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, SystemFailed, Wanted
from cdk_stream.results.plan import Difference, Key, Step
from cdk_stream_proxy.gateway import canonical
from cdk_stream_proxy.gateway.canonical import Body, identity, marked
from cdk_stream_proxy.gateway.client import GatewayApi
from cdk_stream_proxy.gateway.exposure import weakened
from cdk_stream_proxy.gateway.groups import Groups
from cdk_stream_proxy.gateway.interceptors import Interceptors

GROUP, INTERCEPTOR, ACL = "group", "interceptor", "gateway_acl"


class GatewaySystem:
    """One Gateway, in one virtual cluster of it.

    A plan asks for all interceptors, all groups and all plugins, and for the virtual cluster when
    rights are kept there: four requests. Rights come last: nobody is let in before what he must
    not see is hidden.
    """

    name = "gateway"
    kinds: tuple[str, ...] = (GROUP, INTERCEPTOR, ACL)

    def __init__(
        self, cluster: str, project: str, virtual_cluster: str, api: GatewayApi, acls: Acls
    ) -> None:
        self.cluster = cluster
        self._project = project
        self._home = virtual_cluster
        self._api = api
        self._acls = acls
        self._groups = Groups(api)
        self._interceptors = Interceptors(api, project, virtual_cluster, self._groups.put)
        self._plugins: set[str] = set()

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """What is wanted or recorded, and interceptors that bear the project's mark."""
        specs = {one.key: one for one in wanted}
        keys = {*specs, *recorded}
        found: dict[Key, Live] = {}
        if any(key.kind == INTERCEPTOR for key in keys):
            self._plugins = self._plugins or self._api.plugins()
        self._interceptors.learn_groups(one for one in wanted if one.key.kind == GROUP)
        there = self._interceptors.learn(
            [one for one in wanted if one.key.kind == INTERCEPTOR],
            [key.name for key in recorded if key.kind == INTERCEPTOR],
        )
        for one, body in there.items():
            key = Key(self.name, self.cluster, INTERCEPTOR, one.artifact)
            ours = self._is_ours(body)
            if one.virtual_cluster == self._home and (ours or key in keys):
                found[key] = self._live_interceptor(key, body, ours)
        named = {key for key in keys if key.kind == GROUP}
        groups = self._api.groups() if named else {}
        for key in named:
            if key.name in groups:
                found[key] = _live_group(key, groups[key.name])
        rights = [one for one in wanted if one.key.kind == ACL]
        return found | dict(self._acls.observe(rights, _of_kind(recorded, ACL)))

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        """The Gateway's own defaults are no difference."""
        if wanted.key.kind == ACL:
            return self._acls.compare(wanted, live)
        if wanted.key.kind == GROUP:
            want = canonical.group(wanted.spec)
            return _compared(wanted, live, tuple(_changes(live, want)))
        self._has_plugin(wanted)
        found = _compared(wanted, live, tuple(_changes(live, canonical.interceptor(wanted.spec))))
        if live is None:
            return found
        overrides = live.facts["overrides"]
        if found.action == "nothing" and overrides:
            why = f"'{', '.join(overrides)}' overrides it, and is not of this project"
            return Comparison("update", why, (), (("exposure", why),))
        dangers = weakened(live.facts["body"], wanted.spec)
        return Comparison(found.action, found.why, found.differences, dangers)

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        """Written where it differs, looked at, and for interceptors asked whom it reaches."""
        key = step.key
        if key.kind == ACL:
            return self._acls.apply(key, wanted, live)
        if key.kind == GROUP:
            if wanted is None:
                return Outcome(None, self._groups.delete(key.name))
            body, changed = self._groups.put(wanted.spec)
            return Outcome(_live_group(key, body), changed)
        if wanted is None:
            return Outcome(None, live is not None and self._delete(live))
        self._has_plugin(wanted)
        body, changed = self._interceptors.put(wanted.spec)
        return Outcome(self._live_interceptor(key, body, self._is_ours(body)), changed)

    def close(self) -> None:
        """Let go of connections."""
        self._api.close()

    def prove(self) -> list[str]:
        """What anybody sees otherwise than the policy says, as the Gateway itself resolves it."""
        return self._interceptors.prove()

    def _delete(self, live: Live) -> bool:
        if live.ours is not True:
            raise SystemFailed(
                f"interceptor '{live.key.name}' does not bear the mark of this project any more",
                "look at who changed it; remove it by hand if it may go",
            )
        return self._interceptors.delete(identity(live.facts["body"]))

    def _has_plugin(self, wanted: Wanted) -> None:
        class_ = wanted.spec["spec"]["pluginClass"]
        if self._plugins and class_ not in self._plugins:
            raise SystemFailed(
                f"the Gateway of '{self.cluster}' has no plugin '{class_}'",
                f"check `version:` under `clusters.{self.cluster}.gateway`",
            )

    def _is_ours(self, body: Body) -> bool:
        named = str(body["metadata"]["name"]).startswith(f"cdk.{self._project}.")
        return named and marked(body)[0] == self._project

    def _live_interceptor(self, key: Key, body: Body, ours: bool) -> Live:
        spec = canonical.interceptor(body)
        overrides = self._interceptors.overrides(identity(body))
        facts = {"body": body, "overrides": overrides}
        return Live(key, spec, digest([spec, overrides]), ours, facts)


def _live_group(key: Key, body: Body) -> Live:
    spec = canonical.group(body)
    return Live(key, spec, digest(spec), None)


def _changes(live: Live | None, want: object) -> Iterable[Difference]:
    return () if live is None else differences(live.spec, want)


def _compared(wanted: Wanted, live: Live | None, changes: tuple[Difference, ...]) -> Comparison:
    if live is None:
        return Comparison("create", f"{wanted.key.kind} '{wanted.key.name}' is new")
    if not changes:
        return Comparison("nothing")
    return Comparison("update", f"{', '.join(one.field for one in changes)} differ", changes)


def _of_kind(recorded: Iterable[Key], kind: str) -> Iterable[Key]:
    if isinstance(recorded, Mapping):
        return {key: spec for key, spec in recorded.items() if key.kind == kind}
    return [key for key in recorded if key.kind == kind]
