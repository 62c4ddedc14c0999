"""The unified standard 统一标准, and how departments' own items are mapped to it."""
