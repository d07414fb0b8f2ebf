"""The HTTP edge for GitHub: deliveries in, pages out."""
