"""The only truth about posts, and the only room that imports SQLAlchemy."""
