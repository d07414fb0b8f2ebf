"""Analyses in, what people read out."""
