"""The laboratory: training, benchmarks, validation and metrics; in no production image."""
