"""Page elements independent of any page: charts, images, HTML, custom Streamlit components."""
