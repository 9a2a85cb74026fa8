"""Jobs of the news: reading feeds, telling users, and judging headlines by what coins did."""
