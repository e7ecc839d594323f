"""The wire protocol of tocsin: one schema, and the codecs, page and vectors made from it."""
