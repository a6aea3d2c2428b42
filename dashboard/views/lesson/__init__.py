"""The lesson: nine steps from two spaces that never met to where the mapping fails, for one class period."""
