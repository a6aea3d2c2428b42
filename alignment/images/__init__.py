"""Class vectors to pictures: BigGAN, its checkpoints, noise, films, and from a picture back to a vector."""
