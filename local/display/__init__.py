"""What the demo and `make local` print: decisions, mails and publications, for people."""
