"""The parts of the page Latent spaces."""
