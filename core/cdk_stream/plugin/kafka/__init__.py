"""The admin client of Kafka, for the plugins that reach brokers or what speaks like them."""
