"""The requests that the proxy understands, each in one version; there are no others."""

from __future__ import annotations

from dataclasses import dataclass

from tests.gateway.reference.wire.types import (
    BOOL,
    BYTES,
    INT8,
    INT16,
    INT32,
    INT64,
    NULLABLE_BYTES,
    NULLABLE_STRING,
    STRING,
    Array,
    Struct,
    topics,
)


@dataclass(frozen=True, slots=True)
class Api:
    """A request by its key, the one version that is spoken, and the bytes of both ways."""

    name: str
    key: int
    version: int
    request: Struct
    reply: Struct


HEADER = Struct(api_key=INT16, api_version=INT16, correlation_id=INT32, client_id=NULLABLE_STRING)

PRODUCE = Api(
    "Produce",
    0,
    8,
    Struct(
        transactional_id=NULLABLE_STRING,
        acks=INT16,
        timeout_ms=INT32,
        topics=topics(index=INT32, records=NULLABLE_BYTES),
    ),
    Struct(
        topics=topics(
            index=INT32,
            error=INT16,
            base_offset=INT64,
            log_append_time=INT64,
            log_start_offset=INT64,
            record_errors=Array(Struct(batch_index=INT32, message=NULLABLE_STRING)),
            message=NULLABLE_STRING,
        ),
        throttle_ms=INT32,
    ),
)
FETCH = Api(
    "Fetch",
    1,
    11,
    Struct(
        replica_id=INT32,
        max_wait_ms=INT32,
        min_bytes=INT32,
        max_bytes=INT32,
        isolation_level=INT8,
        session_id=INT32,
        session_epoch=INT32,
        topics=topics(
            index=INT32,
            leader_epoch=INT32,
            offset=INT64,
            log_start_offset=INT64,
            max_bytes=INT32,
        ),
        forgotten=Array(Struct(name=STRING, partitions=Array(INT32))),
        rack_id=STRING,
    ),
    Struct(
        throttle_ms=INT32,
        error=INT16,
        session_id=INT32,
        topics=topics(
            index=INT32,
            error=INT16,
            high_watermark=INT64,
            last_stable_offset=INT64,
            log_start_offset=INT64,
            aborted=Array(Struct(producer_id=INT64, first_offset=INT64), nullable=True),
            preferred_read_replica=INT32,
            records=NULLABLE_BYTES,
        ),
    ),
)
LIST_OFFSETS = Api(
    "ListOffsets",
    2,
    5,
    Struct(
        replica_id=INT32,
        isolation_level=INT8,
        topics=topics(index=INT32, leader_epoch=INT32, timestamp=INT64),
    ),
    Struct(
        throttle_ms=INT32,
        topics=topics(index=INT32, error=INT16, timestamp=INT64, offset=INT64, leader_epoch=INT32),
    ),
)
METADATA = Api(
    "Metadata",
    3,
    8,
    Struct(
        topics=Array(STRING, nullable=True),
        allow_auto_topic_creation=BOOL,
        include_cluster_authorized_operations=BOOL,
        include_topic_authorized_operations=BOOL,
    ),
    Struct(
        throttle_ms=INT32,
        brokers=Array(Struct(node_id=INT32, host=STRING, port=INT32, rack=NULLABLE_STRING)),
        cluster_id=NULLABLE_STRING,
        controller_id=INT32,
        topics=Array(
            Struct(
                error=INT16,
                name=STRING,
                is_internal=BOOL,
                partitions=Array(
                    Struct(
                        error=INT16,
                        index=INT32,
                        leader_id=INT32,
                        leader_epoch=INT32,
                        replicas=Array(INT32),
                        isr=Array(INT32),
                        offline=Array(INT32),
                    )
                ),
                authorized_operations=INT32,
            )
        ),
        authorized_operations=INT32,
    ),
)
OFFSET_COMMIT = Api(
    "OffsetCommit",
    8,
    7,
    Struct(
        group=STRING,
        generation=INT32,
        member=STRING,
        instance=NULLABLE_STRING,
        topics=topics(index=INT32, offset=INT64, leader_epoch=INT32, metadata=NULLABLE_STRING),
    ),
    Struct(throttle_ms=INT32, topics=topics(index=INT32, error=INT16)),
)
OFFSET_FETCH = Api(
    "OffsetFetch",
    9,
    5,
    Struct(
        group=STRING,
        topics=Array(Struct(name=STRING, partitions=Array(INT32)), nullable=True),
    ),
    Struct(
        throttle_ms=INT32,
        topics=topics(
            index=INT32,
            offset=INT64,
            leader_epoch=INT32,
            metadata=NULLABLE_STRING,
            error=INT16,
        ),
        error=INT16,
    ),
)
FIND_COORDINATOR = Api(
    "FindCoordinator",
    10,
    2,
    Struct(key=STRING, key_type=INT8),
    Struct(
        throttle_ms=INT32,
        error=INT16,
        message=NULLABLE_STRING,
        node_id=INT32,
        host=STRING,
        port=INT32,
    ),
)
JOIN_GROUP = Api(
    "JoinGroup",
    11,
    5,
    Struct(
        group=STRING,
        session_timeout_ms=INT32,
        rebalance_timeout_ms=INT32,
        member=STRING,
        instance=NULLABLE_STRING,
        protocol_type=STRING,
        protocols=Array(Struct(name=STRING, metadata=BYTES)),
    ),
    Struct(
        throttle_ms=INT32,
        error=INT16,
        generation=INT32,
        protocol=STRING,
        leader=STRING,
        member=STRING,
        members=Array(Struct(member=STRING, instance=NULLABLE_STRING, metadata=BYTES)),
    ),
)
HEARTBEAT = Api(
    "Heartbeat",
    12,
    3,
    Struct(group=STRING, generation=INT32, member=STRING, instance=NULLABLE_STRING),
    Struct(throttle_ms=INT32, error=INT16),
)
LEAVE_GROUP = Api(
    "LeaveGroup",
    13,
    1,
    Struct(group=STRING, member=STRING),
    Struct(throttle_ms=INT32, error=INT16),
)
SYNC_GROUP = Api(
    "SyncGroup",
    14,
    3,
    Struct(
        group=STRING,
        generation=INT32,
        member=STRING,
        instance=NULLABLE_STRING,
        assignments=Array(Struct(member=STRING, assignment=BYTES)),
    ),
    Struct(throttle_ms=INT32, error=INT16, assignment=BYTES),
)
SASL_HANDSHAKE = Api(
    "SaslHandshake",
    17,
    1,
    Struct(mechanism=STRING),
    Struct(error=INT16, mechanisms=Array(STRING)),
)
API_VERSIONS = Api(
    "ApiVersions",
    18,
    0,
    Struct(),
    Struct(error=INT16, apis=Array(Struct(key=INT16, lowest=INT16, highest=INT16))),
)
CREATE_TOPICS = Api(
    "CreateTopics",
    19,
    4,
    Struct(
        topics=Array(
            Struct(
                name=STRING,
                partitions=INT32,
                replication_factor=INT16,
                assignments=Array(Struct(index=INT32, brokers=Array(INT32))),
                configs=Array(Struct(name=STRING, value=NULLABLE_STRING)),
            )
        ),
        timeout_ms=INT32,
        validate_only=BOOL,
    ),
    Struct(
        throttle_ms=INT32,
        topics=Array(Struct(name=STRING, error=INT16, message=NULLABLE_STRING)),
    ),
)
INIT_PRODUCER_ID = Api(
    "InitProducerId",
    22,
    1,
    Struct(transactional_id=NULLABLE_STRING, timeout_ms=INT32),
    Struct(throttle_ms=INT32, error=INT16, producer_id=INT64, epoch=INT16),
)
SASL_AUTHENTICATE = Api(
    "SaslAuthenticate",
    36,
    1,
    Struct(data=BYTES),
    Struct(error=INT16, message=NULLABLE_STRING, data=BYTES, lifetime_ms=INT64),
)

APIS = {
    api.key: api
    for api in (
        PRODUCE,
        FETCH,
        LIST_OFFSETS,
        METADATA,
        OFFSET_COMMIT,
        OFFSET_FETCH,
        FIND_COORDINATOR,
        JOIN_GROUP,
        HEARTBEAT,
        LEAVE_GROUP,
        SYNC_GROUP,
        SASL_HANDSHAKE,
        API_VERSIONS,
        CREATE_TOPICS,
        INIT_PRODUCER_ID,
        SASL_AUTHENTICATE,
    )
}
"""By key."""
