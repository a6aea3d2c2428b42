"""Class names, seed sentences that name the classes, and test prompts."""
