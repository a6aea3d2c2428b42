"""Files as such: written whole or not at all, fetched from the Hugging Face Hub, known by their SHA-256."""
