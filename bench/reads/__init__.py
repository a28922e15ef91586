"""The benchmark of reads: Kezhi beside hard-wired SQL, PostGraphile and naive Strawberry, on the same data and queries."""
