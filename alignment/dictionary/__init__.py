"""What the classes are called and which sentences name them: classes, seed sentences, test prompts."""
