"""Dimensionality reduction of latent spaces to two or three dimensions, and nearest neighbours in them."""
