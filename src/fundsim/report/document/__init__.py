"""Reports for readers who run nothing: what they say, and how Word, Excel and web pages show it."""
