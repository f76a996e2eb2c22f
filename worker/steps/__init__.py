"""What a worker does with a row, as plain functions of a Context; no Celery."""
