"""The surfaces over HTTP: API, source pages, chat."""
