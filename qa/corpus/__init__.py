"""A document's way in: bytes to text, units, passages, and the indexes over them."""
