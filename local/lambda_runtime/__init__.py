"""A Lambda for your laptop: a function in processes of its own, fed from an SQS queue."""
