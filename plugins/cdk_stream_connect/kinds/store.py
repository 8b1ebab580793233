"""Objects, endpoints and files, which take rows and never change them."""

from __future__ import annotations

from cdk_stream_connect.capability import APPEND, Capability, To, count

_PLAIN = "a store of files or messages has no rows to replace: use a database"

S3 = Capability(
    title="the Aiven S3 sink",
    connector_class="io.aiven.kafka.connect.s3.AivenKafkaConnectS3SinkConnector",
    targets=("s3_object", "s3_bucket", "s3"),
    keys={
        "bucket": To("aws.s3.bucket.name"),
        "region": To("aws.s3.region"),
        "prefix": To("aws.s3.prefix"),
        "file_format": To("format.output.type"),
        "compression": To("file.compression.type"),
        "batch_size": To("file.max.records", count),
        "max_retries": To("aws.s3.backoff.max.retries", count),
    },
    connection={
        "bucket": To("aws.s3.bucket.name"),
        "region": To("aws.s3.region"),
        "endpoint": To("aws.s3.endpoint"),
        "access_key_id": To("aws.access.key.id"),
        "secret_access_key": To("aws.secret.access.key"),
    },
    native=frozenset(
        {
            "aws.credentials.provider",
            "file.compression.type",
            "file.max.records",
            "file.name.template",
            "file.name.timestamp.source",
            "file.name.timestamp.timezone",
            "format.output.envelope",
            "format.output.fields",
            "format.output.fields.value.encoding",
            "format.output.type",
        }
    ),
    prefixes=("aws.s3.", "aws.sts."),
    required=("aws.s3.bucket.name", "aws.s3.region"),
    defaults={
        "format.output.type": "jsonl",
        "format.output.fields": "value",
        "format.output.envelope": "false",
    },
    lacks={"flush_interval_sec": "its files are written at each offset commit of the worker"},
    modes=APPEND,
    upsert_mend=_PLAIN,
)

HTTP = Capability(
    title="the Aiven HTTP sink",
    connector_class="io.aiven.kafka.connect.http.HttpSinkConnector",
    targets=("http_endpoint", "http", "webhook"),
    keys={
        "url": To("http.url"),
        "authorization": To("http.authorization.type"),
        "content_type": To("http.headers.content.type"),
        "batch_size": To("batch.max.size", count, {"batching.enabled": "true"}),
        "max_retries": To("max.retries", count),
        "retry_backoff_ms": To("retry.backoff.ms", count),
    },
    connection={
        "url": To("http.url"),
        "authorization": To("http.authorization.type"),
        "token": To("http.headers.authorization", also={"http.authorization.type": "static"}),
        "oauth2_token_url": To("oauth2.access.token.url"),
        "oauth2_client_id": To("oauth2.client.id"),
        "oauth2_client_secret": To("oauth2.client.secret"),
    },
    native=frozenset(
        {
            "batch.max.size",
            "batch.prefix",
            "batch.separator",
            "batch.suffix",
            "batching.enabled",
            "http.authorization.type",
            "http.ssl.trust.all.certs",
            "http.timeout",
            "kafka.retry.backoff.ms",
            "max.outstanding.batches",
            "max.retries",
            "retry.backoff.ms",
        }
    ),
    prefixes=("http.headers.", "oauth2."),
    required=("http.url",),
    defaults={"http.authorization.type": "none"},
    lacks={"flush_interval_sec": "set 'batch_size': it sends by number of rows"},
    modes=APPEND,
    upsert_mend=_PLAIN,
)

FILE = Capability(
    title="the file sink",
    connector_class="org.apache.kafka.connect.file.FileStreamSinkConnector",
    targets=("file",),
    keys={"path": To("file"), "file": To("file")},
    lacks={
        "flush_interval_sec": "it flushes at each offset commit of the worker",
        "max_retries": "set 'errors.retry.timeout' in milliseconds",
    },
    required=("file",),
    modes=APPEND,
    upsert_mend=_PLAIN,
    writes_text=True,
)
