"""Facts about video; knows no Qt."""
