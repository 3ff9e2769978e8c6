"""Due work: rows written with the change that asks for it, claimed under a lease, retried."""
