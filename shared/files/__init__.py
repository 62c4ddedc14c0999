"""Files — photographs, minutes, import sheets — in an object store: a folder or S3."""
