"""What pages share: the session of a visitor, the studies of all visitors, query parameters."""
