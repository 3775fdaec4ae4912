"""Answers from your documents, each sentence with the exact words it rests on."""
