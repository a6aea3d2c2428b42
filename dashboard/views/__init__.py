"""The pages, one folder each: page.py and everything that only it uses."""
