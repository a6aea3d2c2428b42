"""The page Latent spaces."""
