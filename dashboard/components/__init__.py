"""Page elements that know nothing of a page: charts, images, HTML."""
