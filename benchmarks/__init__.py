"""lrsim against what people write today: one file a job, one function a contestant."""
