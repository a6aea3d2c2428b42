"""Where work is done: on the processor or a graphics card, by this process or by workers, with which libraries."""
