"""Latent spaces in two or three dimensions, and their neighbourhoods."""
