"""Mappings between the latent space of a language model and the class space of BigGAN, measured and drawn."""

__version__ = "0.2.0"
