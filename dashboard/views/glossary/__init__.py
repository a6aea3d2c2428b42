"""Glossary: the words that the pages use."""
