"""State shared by the pages: a visitor's session, the studies of all visitors, query parameters, background jobs."""
