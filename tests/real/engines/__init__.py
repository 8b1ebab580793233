"""Apache Kafka, Kafka Connect, Flink and a schema registry on loopback, from Maven Central."""
