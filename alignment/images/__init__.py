"""Class vectors to pictures: BigGAN, its checkpoints, and pictures as files."""
