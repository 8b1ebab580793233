"""Rights in front of brokers and of what stands before them: whose they are, how they change."""
