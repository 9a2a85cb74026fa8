"""Jobs on candles: archiving, trimming, gaps and partitions."""
