"""One small file per way to reach somebody."""
